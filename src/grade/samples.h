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

// Cells per axis of the unit cube of input colors; colors beyond it fall into the outer cells.
constexpr int sample_grid = 64;

std::size_t cell_of(const Color&, int grid);

// Of what one edit changes among colors of a cell: by rounding to 8 bits, and by its slope.
constexpr float usual_variance = 1e-4f;

// Mean colors of the occupied cells of a grid over the input color, apart for each way in which the edit was clipped.
// count: pixels, scaled so that every pair weighs the same as a picture of `pixels_per_pair`.
// disagreement: variance of what the edit changes among the pixels of a cell, mean of the channels, encoded, beyond
// what rounding and the size of a cell explain: edits contradict each other.
struct Samples {
  static constexpr float pixels_per_pair = 200000;
  std::vector<Color> before, after;
  std::vector<float> count, disagreement;

  std::size_t size() const { return before.size(); }
  bool is_whole(std::size_t i) const { return !is_clipped(&after[i].r); }
  // Root mean square of the disagreement over all pixels.
  double contradiction() const;
  // What `after` wants of a look that gives `color`.
  Color missing(std::size_t i, const Color& color) const;
};

// Only usable pixels, with or without those that are clipped.
Samples sample_pair(const Pair&, bool with_clipped = true);

// Of several pairs.
Samples pool(std::span<const Samples>);

// The same samples on a grid of fewer cells.
Samples coarser(const Samples&, int grid);

// Of edits that go so far of their way.
Samples milder(Samples, float strength);

}  // namespace sfumato
