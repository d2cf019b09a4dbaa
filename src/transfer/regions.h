// SPDX-License-Identifier: Apache-2.0
// Parts of pictures that are matched with each other, so that sky becomes sky.
#pragma once

#include <span>
#include <vector>

#include "measure/plane.h"
#include "sfumato/image.h"

namespace sfumato {

// For each region which share of each pixel it takes. Shares sum to 1 everywhere; all planes have one size, not
// necessarily the picture's.
using RegionShares = std::vector<Plane>;

// A mask as regions. A gray one is two: white takes a pixel by its brightness, black by the rest. A colored one has up
// to nine, each of the pixels nearest to one of black, gray, white, red, green, blue, yellow, cyan and magenta; a
// region's place in the list is its color's, so that masks of different pictures go together. Absent ones are empty.
RegionShares regions_of_mask(const View& mask);

// Parts of like color and height in the picture, of the photo (first) and each reference: `count` soft clusters of the
// photo and of all references, and the assignment between them that moves lightness, color and height least.
std::vector<RegionShares> find_regions(const View& photo, std::span<const View> references, int count);

constexpr int most_found_regions = 5;

}  // namespace sfumato
