// SPDX-License-Identifier: Apache-2.0
// Sliced Wasserstein distances: how unlike two sets of vectors are, as the mean distance between their sorted
// projections on random directions [Bonneel2015]. The two pictures need not have one size.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sfumato/image.h"

namespace sfumato {

struct SlicedOptions {
  int directions = 64;
  std::uint32_t seed = 1;
  int threads = 0;
  int most_pixels = 1 << 18;  // larger pictures are read on a regular grid of at most so many
};

// Unit vectors of normally distributed numbers, one after the other.
std::vector<float> random_directions(int count, int dimensions, std::uint32_t seed);

// Mean distance between `count` quantiles from 0 to 1, interpolated linearly. Sorts the values.
double quantile_distance(std::vector<float>& a, std::vector<float>& b, int count);

// Of colors: 257 quantiles, in steps of 1/255.
double sliced_color_distance(const View& a, const View& b, const SlicedOptions& = {});

// Of 7 x 7 patches [Elnekave2022]: projections on zero-mean directions, 129 quantiles, in steps of 1/255, at full, half
// and quarter size. Throws Code::input when a picture is below 28 x 28.
std::array<double, 3> patch_distance(const View& a, const View& b, const SlicedOptions& = {});

}  // namespace sfumato
