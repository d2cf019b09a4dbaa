// SPDX-License-Identifier: Apache-2.0
// Pairs of pictures as pairs of colors: what a fit reads.
#pragma once

#include <span>
#include <vector>

#include "lane/pixel.h"
#include "pairs/pair.h"

namespace sfumato {

using Color = Rgb<float>;

inline float part(const Color& c, int channel) { return channel == 0 ? c.r : channel == 1 ? c.g : c.b; }

// Mean colors of the occupied cells of a grid over the input color, apart for each way in which the edit was clipped.
// count: pixels, scaled so that every pair weighs the same as a picture of `pixels_per_pair`.
struct Samples {
  static constexpr float pixels_per_pair = 200000;
  std::vector<Color> before, after;
  std::vector<float> count;

  std::size_t size() const { return before.size(); }
  bool is_whole(std::size_t i) const { return !is_clipped(&after[i].r); }
  // What `after` wants of a look that gives `color`.
  Color missing(std::size_t i, const Color& color) const;
};

// `grid`: cells per axis of the unit cube; colors beyond it fall into the outer cells. Only usable pixels,
// with or without those that are clipped.
Samples sample_pair(const Pair&, int grid, bool with_clipped = true);

// The same for a collection of samples, each as one color with its count.
Samples pool(std::span<const Samples>, int grid);

}  // namespace sfumato
