// SPDX-License-Identifier: Apache-2.0
// Finds where a picture lies in another version of it: turned, mirrored, cropped, scaled, shifted, straightened.
#pragma once

#include <cstdint>
#include <vector>

#include "pairs/photo.h"

namespace sfumato {

// Pixel coordinates of one photo (0 at its left and upper edges) to those of another: a scale, a small turn, a shift.
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

// A photo reduced to at most about 512 pixels: 3 bands of f32. Whole numbers of pixels change its proportions a little,
// so that maps are between photos of the sizes that they were reduced from.
struct ReducedPhoto {
  ReducedPhoto(const Picture& p, PhotoSize photo) : picture(p), size(photo) {}
  ReducedPhoto(const Picture& photo) : ReducedPhoto(photo, {photo.width(), photo.height()}) {}

  const Picture& picture;
  PhotoSize size;
};

// Coarse to fine; gain-invariant least squares on the structure, as in [Evangelidis2008].
Alignment align(const ReducedPhoto& before, const ReducedPhoto& after);

}  // namespace sfumato
