// SPDX-License-Identifier: Apache-2.0
#include "measure/edge_ssim.h"

#include <algorithm>
#include <cmath>

#include "measure/ssim.h"

namespace sfumato {
namespace {

// A flat picture stays flat.
void standardize(Plane& p, int threads) {
  const double n = static_cast<double>(p.width) * p.height;
  auto row_sum = [&](double shift, bool squares) {
    return sum_of_rows<double>(p.height, threads, [&](int y) {
      double sum = 0.0;
      for (int x = 0; x < p.width; ++x) sum += squares ? (p.row(y)[x] - shift) * (p.row(y)[x] - shift) : p.row(y)[x];
      return sum;
    });
  };
  const double mean = row_sum(0.0, false) / n, deviation = std::sqrt(row_sum(mean, true) / n);
  const double gain = deviation > 1e-6 ? 0.2 / deviation : 0.0;
  for (float& v : p.values) v = static_cast<float>(0.5 + gain * (v - mean));
}

// Sobel kernels whose smoothing part sums to 1, where they fit whole.
Plane sobel_magnitude(const Plane& p, int threads) {
  Plane out(std::max(0, p.width - 2), std::max(0, p.height - 2));
  parallel_for(out.height, threads, [&](int y) {
    const float *a = p.row(y), *b = p.row(y + 1), *c = p.row(y + 2);
    for (int x = 0; x < out.width; ++x) {
      const float across = (a[x + 2] - a[x]) + 2.0f * (b[x + 2] - b[x]) + (c[x + 2] - c[x]);
      const float down = (c[x] - a[x]) + 2.0f * (c[x + 1] - a[x + 1]) + (c[x + 2] - a[x + 2]);
      out.row(y)[x] = 0.25f * std::sqrt(across * across + down * down);
    }
  });
  return out;
}

}  // namespace

double edge_ssim(const View& a, const View& b, int threads) {
  check_same_size(a, b);
  Plane p = luma_plane(a, threads), q = luma_plane(b, threads);
  standardize(p, threads);
  standardize(q, threads);
  return ssim(sobel_magnitude(p, threads), sobel_magnitude(q, threads), 1.0, threads);
}

}  // namespace sfumato
