// SPDX-License-Identifier: Apache-2.0
// What painting does to pictures as planes of encoded values.
#pragma once

#include <functional>
#include <vector>

#include "measure/plane.h"

namespace sfumato {

using Planes = std::vector<Plane>;  // of one size

// `count` planes of to_width x to_height from rows of width x height: a tent as wide as the pixels of the coarser grid.
// row(y, values) gives row y, interleaved; it is called for each y once, in order.
using InterleavedRow = std::function<void(int y, float* values)>;
Planes resampled(int width, int height, int count, int to_width, int to_height, const InterleavedRow& row);

// Means of 2 x 2; an odd last row or column is repeated.
Plane halved(const Plane&);
// The inverse for smooth planes, bilinear.
Plane doubled(const Plane& half, int width, int height);
// A sampled Gaussian; outside, the picture continues with its edge.
Plane blurred(const Plane&, double sigma, int threads = 0);
// At pixel centers (x, y), bilinear, clamped.
float bilinear(const Plane&, float x, float y);
// Red, green and blue as luma [BT.601].
Plane luma_of(const Planes& rgb);

}  // namespace sfumato
