// SPDX-License-Identifier: Apache-2.0
#include "measure/soft_cdf.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

// A sample's share in the bins first..first + share.size() - 1.
struct Spread {
  int first = 0;
  double sum = 0;
  std::vector<double> share;

  void place(double v, const SoftBins& b) {
    v = std::clamp(v, 0.0, 1.0);
    const double reach = 5.0 * b.sigma * (b.count - 1), at = v * (b.count - 1);
    first = std::max(0, static_cast<int>(std::floor(at - std::max(reach, 1.0))));
    const int last = std::min(b.count - 1, static_cast<int>(std::ceil(at + std::max(reach, 1.0))));
    share.resize(last - first + 1);
    sum = 0;
    // Bins far narrower than their distance would all underflow: measure from the nearest.
    const double nearest = v - b.center(static_cast<int>(std::lround(at)));
    const double scale = -0.5 / (b.sigma * b.sigma);
    for (int k = first; k <= last; ++k) {
      const double d = v - b.center(k);
      sum += share[k - first] = std::exp((d * d - nearest * nearest) * scale);
    }
    for (double& s : share) s /= sum;
  }
};

}  // namespace

template <class T>
void add_to_soft_histogram(const T* samples, std::int64_t n, const SoftBins& b, double* bins) {
  Spread spread;
  for (std::int64_t i = 0; i < n; ++i) {
    spread.place(static_cast<double>(samples[i]), b);
    for (std::size_t k = 0; k < spread.share.size(); ++k) bins[spread.first + k] += spread.share[k];
  }
}

template <class T>
void soft_histogram_gradient(const T* samples, std::int64_t n, const SoftBins& b, const double* slope_of_bin,
                             T* slope) {
  Spread spread;
  for (std::int64_t i = 0; i < n; ++i) {
    const double v = static_cast<double>(samples[i]);
    slope[i] = T(0);
    if (!(v >= 0.0 && v <= 1.0)) continue;
    spread.place(v, b);
    // d share_k / dv = share_k (a_k - mean a), a_k = (center_k - v) / sigma^2.
    double mean_a = 0, mean_slope = 0, both = 0;
    for (std::size_t k = 0; k < spread.share.size(); ++k) {
      const int bin = spread.first + static_cast<int>(k);
      const double a = (b.center(bin) - v) / (b.sigma * b.sigma);
      mean_a += spread.share[k] * a;
      mean_slope += spread.share[k] * slope_of_bin[bin];
      both += spread.share[k] * a * slope_of_bin[bin];
    }
    slope[i] = static_cast<T>(both - mean_a * mean_slope);
  }
}

template void add_to_soft_histogram(const float*, std::int64_t, const SoftBins&, double*);
template void add_to_soft_histogram(const double*, std::int64_t, const SoftBins&, double*);
template void soft_histogram_gradient(const float*, std::int64_t, const SoftBins&, const double*, float*);
template void soft_histogram_gradient(const double*, std::int64_t, const SoftBins&, const double*, double*);

std::vector<double> soft_cdf(const float* samples, std::int64_t n, const SoftBins& b) {
  std::vector<double> cdf(b.count);
  add_to_soft_histogram(samples, n, b, cdf.data());
  for (int k = 1; k < b.count; ++k) cdf[k] += cdf[k - 1];
  for (double& c : cdf) c /= static_cast<double>(std::max<std::int64_t>(n, 1));
  return cdf;
}

}  // namespace sfumato
