// SPDX-License-Identifier: Apache-2.0
// What can be said of each place in a photo without any trained network: color here and around, texture, position, how
// well edges separate the place from the picture's borders, and whether colors like it lie along them.
#pragma once

#include <vector>

#include "measure/analysis.h"

namespace sfumato {

struct LocalFeatures {
  static constexpr int side = 64;  // cells per side
  static constexpr int cells = side * side;
  static constexpr int channels = 55;
};

// channels x cells, planar, row by row.
std::vector<float> local_features(const Analysis&);

// Mean color of each cell: 3 x cells. `rgb`: planar, Analysis::size squared.
std::vector<float> cell_colors(const std::vector<float>& rgb);
// Lab / (100, 128, 128) of every pixel of the analysis image: 3 x Analysis::size squared.
std::vector<float> pixel_colors(const std::vector<float>& rgb);
}  // namespace sfumato
