// SPDX-License-Identifier: Apache-2.0
// Where pairs were generated, the numbers that made them are known: how near a look that adapts comes to them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pairs/generate.h"
#include "report/report.h"

namespace sfumato {

struct RecoveredKnob {
  std::string name;  // as in Manifest::knobs
  int pairs = 0;
  double low = 0, high = 0;  // of the true values
  double mean_error = 0, worst_error = 0;
  double explained = 0;  // share of the true values' variance; 0 is as good as their mean
};

// The manifest that sfumato generate left in the folder above this one's, if there is one. Throws Code::input.
std::optional<Manifest> manifest_of(const std::string& before_path);

// adapted: the look's steps as set for each pair, by the pair's name. Knobs that `look` does not leave open are passed
// over.
std::vector<RecoveredKnob> recovered_knobs(const Manifest&, const Look& look,
                                           const std::map<std::string, Look>& adapted);

ReportTable recovery_table(const std::vector<RecoveredKnob>&);

}  // namespace sfumato
