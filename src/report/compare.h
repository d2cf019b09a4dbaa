// SPDX-License-Identifier: Apache-2.0
// One photo compared: its numbers, and how a report shows it.
#pragma once

#include <optional>

#include "measure/score.h"
#include "report/report.h"

namespace sfumato {

struct Comparison {
  std::string name;
  std::optional<Scored> before;  // the unedited photo, when there is one
  Scored ours, target;
  const Plane* weights = nullptr;  // of people, for the ppr10k protocol
};

struct Compared {
  std::string name;
  Score score;                 // ours to the target
  std::optional<Score> input;  // before to the target
  ReportCase shown;            // without pictures unless asked for

  // Error left over of the input's, in mean L*a*b* distance; nothing without an input, or where it equals its target.
  std::optional<double> ratio() const;
};

// Throws Code::input: see score().
Compared compare(const Comparison&, Protocol, int threads = 0, bool with_pictures = false);

// Means over photos. Ratio of the means, not mean of the ratios.
struct Summary {
  Score score;
  std::optional<Score> input;  // when all have one
  std::optional<double> ratio;
  int worse_than_input = 0;                              // photos whose ratio is above 1
  std::optional<double> consistency, input_consistency;  // see group_consistency; groups are names up to the first _
};
Summary summarize(const std::vector<Compared>&);

// The title's numbers, the mean beside the input's, and the photos.
Report report_of(const std::vector<Compared>&, const std::string& title, Protocol);

// The numbers that a protocol prints, and those of one score.
std::vector<std::string> score_columns(Protocol);
std::vector<std::string> score_cells(const Score&, Protocol);

// "27.31", or "equal" for infinity.
std::string decibel_text(double);

}  // namespace sfumato
