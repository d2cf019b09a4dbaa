// SPDX-License-Identifier: Apache-2.0
// Mask pictures: flat colors that stand for regions of a photo, and what kind of thing each region is.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "color/delta_e.h"
#include "sfumato/image.h"

namespace sfumato {

// Told by where a region lies, since colors mean different things in different masks.
enum class RegionKind {
  background,  // makes up over 30 % of the upper border
  ground,      // not that, but over 30 % of the lower border
  subject,     // the rest
};

struct Region {
  std::array<std::uint8_t, 3> color;  // in the mask
  RegionKind kind;
  double share;  // of the picture
  Lab mean;      // of the photo's pixels
};

struct Regions {
  int width = 0, height = 0;
  std::vector<std::uint8_t> label;  // of each pixel: place in `regions`
  std::vector<Region> regions;      // largest first
};

// The mask's flat colors are those that many pixels have; pixels between two colors count to the nearest.
// Throws Code::input unless the two pictures have one size, or when there are more than 64 colors.
Regions find_regions(const View& mask, const View& photo);

}  // namespace sfumato
