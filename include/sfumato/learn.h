// SPDX-License-Identifier: Apache-2.0
// Looks learned from photos before and after an edit.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "sfumato/image.h"
#include "sfumato/look.h"

namespace sfumato {

enum class LearnModel {
  automatic,  // what pairs left out show to be best; a network only from `fewest_pairs_for_net` pairs on
  closed,     // of those, closed forms only: seconds, without LibTorch
  network,    // a network, whatever the others reach
};

constexpr int fewest_pairs_for_net = 24;

// A photo in memory, pixel upon pixel with what the edit made of it; sRGB-encoded, of 3 or 4 bands.
struct EditedPhoto {
  View before, after;
  std::string name;  // for the report
};

struct LookFromPairs {
  Look look;                         // never worse than doing nothing on pairs left out
  std::string report;                // JSON: models that were tried and how far each was from pairs it did not see
  std::vector<std::string> refused;  // pairs that were not learned from, and why
};

// what: a phrase; share: 0..1 of the whole. Returning false stops with Code::stopped.
using LearnProgress = std::function<bool(double share, const std::string& what)>;

// Throws Code::usage: no picture; Code::input: a pair of two sizes, no usable pair; Code::resource: a network is wanted
// and the learning module is not there.
LookFromPairs look_from_pairs(std::span<const EditedPhoto>, LearnModel = LearnModel::automatic,
                              const LearnProgress& = {});

// Files, or folders whose files are matched by name, else by content; frames may differ by turns, crops and small
// shifts. Throws as above, and Code::input for files that cannot be read.
LookFromPairs look_from_pairs(const std::string& before, const std::string& after, LearnModel = LearnModel::automatic,
                              const LearnProgress& = {});

}  // namespace sfumato
