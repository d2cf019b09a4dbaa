// SPDX-License-Identifier: Apache-2.0
// What [Liang2021] measure on groups of portraits: people count more than what is behind them, and a series should
// match.
#pragma once

#include <string>
#include <vector>

#include "measure/plane.h"

namespace sfumato {

struct HumanCentered {
  double psnr_db = 0;             // both 8-bit pictures times the weights
  double delta_e_76 = 0;          // both L*a*b* pictures times the weights
  double mean_a = 0, mean_b = 0;  // of the first picture, unweighted
};

// 1 where the mask is above one half, 0.5 elsewhere; brought to the size by nearest pixels.
Plane human_weights(const View& mask, int width, int height);

// Throws Code::input unless pictures and weights have one size.
HumanCentered human_centered(const View& a, const View& b, const Plane& weights, int threads = 0);

// Group-level consistency: the variance (over n - 1) of mean a and of mean b within each group, their mean over groups.
// `groups` names the group of each picture; a group of one counts as 0.
double group_consistency(const std::vector<HumanCentered>&, const std::vector<std::string>& groups);

}  // namespace sfumato
