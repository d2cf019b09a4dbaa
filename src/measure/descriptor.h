// SPDX-License-Identifier: Apache-2.0
// A photo as a list of numbers, for what learns from few photos.
#pragma once

#include <vector>

#include "measure/analysis.h"

namespace sfumato {

// In this order; every number is of the size of 1.
struct Descriptor {
  static constexpr int key = 14;        // mean and spread of log luminance, gray balance, colorfulness, clipped shares
  static constexpr int quantiles = 64;  // of log2 luminance
  static constexpr int cdf = 3 * 32;    // of the encoded channels
  static constexpr int colors = 8 * 8;  // histogram over a and b
  static constexpr int places = 4 * 4 * 4;  // mean L, a, b and contrast of the tiles
  static constexpr int focus = 2;           // height and spread of what is sharp
  static constexpr int size = key + quantiles + cdf + colors + places + focus;
};
std::vector<float> describe(const Analysis&);

}  // namespace sfumato
