// SPDX-License-Identifier: Apache-2.0
// How often each value occurs in a picture, channel by channel.
#pragma once

#include <array>
#include <vector>

#include "sfumato/image.h"

namespace sfumato {

// Per channel, the share of pixels in each of `bins` equal parts of 0..1; values beyond count in the outermost.
using Histograms = std::array<std::vector<double>, 3>;

Histograms histograms(const View&, int bins = 256, int threads = 0);

// Per channel, the share of pixels in each bin or below; the last is 1.
Histograms cumulative(Histograms);

// Mean over bins and channels of |CDF - CDF|: the mean distance that values must move to turn one histogram into the
// other, as a part of the range. 0..1.
double cdf_distance(const Histograms& cdf_a, const Histograms& cdf_b);
double cdf_distance(const View& a, const View& b, int threads = 0);

}  // namespace sfumato
