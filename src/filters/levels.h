// SPDX-License-Identifier: Apache-2.0
// Which Gaussians a ScaleSpace mixes. Level j >= 1 has width knee * ratio^(j - 2), level 0 is the source; a width
// has a place on this scale, and a pixel mixes the four levels around its place.
#pragma once

#include <vector>

#include "filters/rows.h"

namespace sfumato {

// Taps of a sampled Gaussian, -radius..radius with radius = ceil(4 sigma), of sum 1.
std::vector<float> gaussian_taps(double sigma);

struct Level {
  explicit Level(double sigma);
  int radius() const { return static_cast<int>(taps.size()) / 2; }

  int octave;               // blurred as cells of 2^octave pixels
  std::vector<float> taps;  // in cells
};

struct LevelRange {
  int first, last;
};

class Levels {
 public:
  Levels(float sigma_low, float sigma_high);

  bool is_single() const { return scale_.low == scale_.high; }
  const Level& operator[](int j) const { return levels_[j]; }
  const LevelShare& share(int j) const { return shares_[j]; }
  const WidthScale& scale() const { return scale_; }
  // Levels that places low..high take from.
  LevelRange used(Extremes place) const;
  // Those of the whole range of widths.
  LevelRange used() const { return used_; }

 private:
  WidthScale scale_;
  LevelRange used_;
  std::vector<Level> levels_;
  std::vector<LevelShare> shares_;
};

}  // namespace sfumato
