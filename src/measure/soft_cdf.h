// SPDX-License-Identifier: Apache-2.0
// The cumulative distribution of tones, smooth enough to learn from: each sample spreads over the bins as a Gaussian.
#pragma once

#include <cstdint>
#include <vector>

namespace sfumato {

struct SoftBins {
  int count = 64;       // centers at 0, 1 / (count - 1) ... 1
  double sigma = 0.02;  // of the Gaussian, in tone

  double center(int k) const { return static_cast<double>(k) / (count - 1); }
};

// Adds n samples to `bins`: each has mass 1, split as exp(-(v - center)^2 / 2 sigma^2) and normalized, so that no mass
// is lost at the ends; samples outside 0..1 belong to the end bins. T is float or double. Memory does not depend on
// count times n: bins further than 5 sigma from a sample take no part.
template <class T>
void add_to_soft_histogram(const T* samples, std::int64_t n, const SoftBins&, double* bins);

// The loss's slope in each sample, from its slope in each bin. Zero outside 0..1.
template <class T>
void soft_histogram_gradient(const T* samples, std::int64_t n, const SoftBins&, const double* slope_of_bin, T* slope);

// cdf[k] = share of mass in bins 0..k.
std::vector<double> soft_cdf(const float* samples, std::int64_t n, const SoftBins&);

}  // namespace sfumato
