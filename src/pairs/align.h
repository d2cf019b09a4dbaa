// SPDX-License-Identifier: Apache-2.0
// Finds where a picture lies in another version of it: turned, mirrored, cropped, scaled, shifted, straightened.
#pragma once

#include <cstdint>
#include <vector>

#include "pairs/photo.h"

namespace sfumato {

// Pixel coordinates of one picture (0 at its left and upper edges) to those of another: a scale, a small turn, a shift.
struct Similarity {
  double a = 1, b = 0, x0 = 0, y0 = 0;

  double x(double px, double py) const { return a * px - b * py + x0; }
  double y(double px, double py) const { return b * px + a * py + y0; }
};

struct Alignment {
  int turn = 0;         // undo: turned(after, turn) stands as `before` does
  Similarity to_after;  // from `before` to turned(after, turn)
  bool is_whole =
      false;             // the frames are the same: the map found agrees no better than their edges put upon each other
  double agreement = 0;  // correlation of structure, 1 at most; below `different_scene` the two show different things
};

constexpr double different_scene = 0.35;

// Both pictures: 3 bands of f32, at most about 512 pixels long. Coarse to fine; gain-invariant least squares on the
// structure, as in [Evangelidis2008].
Alignment align(const Picture& before, const Picture& after);

// A picture on the grid of another, through the map found for `before` and `after` of the sizes given: `picture` is
// that `after` at any size. `inside`: whether a pixel of the output lies within it.
Picture resampled(const Picture& picture, PhotoSize after, const Similarity&, PhotoSize before, PhotoSize out,
                  std::vector<std::uint8_t>& inside);

}  // namespace sfumato
