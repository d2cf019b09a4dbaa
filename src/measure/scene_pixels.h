// SPDX-License-Identifier: Apache-2.0
// The pixels of an analysis image in the terms that measurements and descriptors are made of.
#pragma once

#include <vector>

#include "lane/pixel.h"
#include "measure/analysis.h"

namespace sfumato {

// One value for each pixel, row by row.
struct ScenePixels {
  static constexpr int side = Analysis::size, count = side * side;

  explicit ScenePixels(const Analysis&);

  std::vector<Rgb<float>> encoded, linear, oklab;
  std::vector<float> luminance;  // linear
  std::vector<float> log_light;  // log2 of luminance above 1/1000
  std::vector<float> tone;       // luminance, encoded as sRGB
  std::vector<float> chroma;     // in OKLab
};

}  // namespace sfumato
