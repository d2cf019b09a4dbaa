// SPDX-License-Identifier: Apache-2.0
// The small picture from which adaptive looks read what a photo is like. Its size never depends on the photo, so that
// preview, crop of the work and full size get the same numbers.
#pragma once

#include <vector>

#include "sfumato/image.h"

namespace sfumato {

// The whole upright photo, area-averaged (in linear light) to size x size and encoded as sRGB: planar r, g, b rows,
// unclamped floats.
struct Analysis {
  static constexpr int size = 256;
  std::vector<float> rgb;  // 3 * size * size
  float aspect = 1;        // width / height of the photo
};

// `picture`: sRGB-encoded samples of any type; a fourth band is ignored.
Analysis analyze(const View& picture);

}  // namespace sfumato
