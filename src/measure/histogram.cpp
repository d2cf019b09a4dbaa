// SPDX-License-Identifier: Apache-2.0
#include "measure/histogram.h"

#include <algorithm>
#include <cmath>

#include "measure/plane.h"

namespace sfumato {

Histograms histograms(const View& v, int bins, int threads) {
  // Whole counts: their sum is the same in any order.
  constexpr int band = 64;
  const int bands = (v.height + band - 1) / band;
  std::vector<std::vector<std::uint32_t>> counts(static_cast<std::size_t>(bands));
  parallel_for(bands, threads, [&](int i) {
    auto& count = counts[i];
    count.assign(3 * static_cast<std::size_t>(bins), 0);
    std::vector<float> row(3 * static_cast<std::size_t>(v.width));
    for (int y = i * band; y < std::min(v.height, (i + 1) * band); ++y) {
      read_row(v, y, row.data());
      for (std::size_t s = 0; s < row.size(); ++s) {
        const float at =
            row[s] > 0.0f ? std::min(row[s] * static_cast<float>(bins), static_cast<float>(bins - 1)) : 0.0f;
        ++count[s % 3 * bins + static_cast<std::size_t>(at)];
      }
    }
  });
  Histograms shares;
  const double pixels = static_cast<double>(v.width) * v.height;
  for (int c = 0; c < 3; ++c) {
    shares[c].assign(static_cast<std::size_t>(bins), 0.0);
    for (int b = 0; b < bins; ++b) {
      std::uint64_t n = 0;
      for (const auto& count : counts) n += count[static_cast<std::size_t>(c) * bins + b];
      shares[c][b] = static_cast<double>(n) / pixels;
    }
  }
  return shares;
}

Histograms cumulative(Histograms h) {
  for (auto& channel : h) {
    for (std::size_t i = 1; i < channel.size(); ++i) channel[i] += channel[i - 1];
    if (!channel.empty()) channel.back() = 1.0;
  }
  return h;
}

double cdf_distance(const Histograms& a, const Histograms& b) {
  double sum = 0.0;
  for (int c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < a[c].size(); ++i) sum += std::abs(a[c][i] - b[c][i]);
  return sum / (3.0 * static_cast<double>(a[0].size()));
}

double cdf_distance(const View& a, const View& b, int threads) {
  return cdf_distance(cumulative(histograms(a, 256, threads)), cumulative(histograms(b, 256, threads)));
}

}  // namespace sfumato
