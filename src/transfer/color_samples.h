// SPDX-License-Identifier: Apache-2.0
// The colors of a picture as weighted points in OKLab, for matching distributions.
#pragma once

#include <vector>

#include "lane/pixel.h"
#include "measure/plane.h"
#include "sfumato/image.h"

namespace sfumato {

struct ColorSamples {
  std::vector<Rgb<float>> lab;
  std::vector<float> weight;  // sum 1 once normalized

  double total() const;
  // Another picture's samples, their weights multiplied by `share` over their total.
  void add(const ColorSamples&, double share);
};

// Of an sRGB-encoded picture, on a regular grid of at most `most` pixels. `mask` (of any size, stretched over the
// picture; null: all of it) weighs them. Samples that are not finite, and pixels of alpha below one half, are left out.
ColorSamples sample_colors(const View& srgb, const Plane* mask = nullptr, int most = 1 << 14);

// One pixel as 0..1 nominal; alpha is 1 where there is none.
Rgb<float> color_of(const View&, int x, int y);
float alpha_of(const View&, int x, int y);

// OKLab of an encoded color, clamped to 0..1 first.
Rgb<float> oklab_of_srgb(const Rgb<float>&);

// A plane stretched over a picture of another size: at pixel (x, y) of width x height, bilinear.
float stretched(const Plane&, int x, int y, int width, int height);

}  // namespace sfumato
