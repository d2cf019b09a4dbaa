// SPDX-License-Identifier: Apache-2.0
#include "measure/snap.h"

#include <algorithm>
#include <cmath>

#include "lane/scalar.h"

namespace sfumato {
namespace {

// Mean over windows of 2 * radius + 1 pixels along rows, less at the borders; the result is transposed.
Plane row_means_transposed(const Plane& in, int radius) {
  Plane out(in.height, in.width);
  for (int y = 0; y < in.height; ++y) {
    const float* row = in.row(y);
    double sum = 0;
    int from = 0, to = 0;
    for (int x = 0; x < in.width; ++x) {
      for (; to < std::min(in.width, x + radius + 1); ++to) sum += row[to];
      for (; from < x - radius; ++from) sum -= row[from];
      out.row(x)[y] = static_cast<float>(sum / (to - from));
    }
  }
  return out;
}

Plane box_mean(const Plane& in, int radius) { return row_means_transposed(row_means_transposed(in, radius), radius); }

template <class Of>
Plane map(const Plane& a, const Plane& b, const Of& of) {
  Plane out(a.width, a.height);
  for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] = of(a.values[i], b.values[i]);
  return out;
}

}  // namespace

Plane feathered(const Plane& in, float sigma) {
  // Three boxes come within a few percent of a Gaussian; their variances add up to its own.
  const int radius = std::max(1, static_cast<int>(std::lround(0.5f * (std::sqrt(4 * sigma * sigma + 1) - 1))));
  return box_mean(box_mean(box_mean(in, radius), radius), radius);
}

Plane snapped_to_edges(const Plane& mask, const Plane& guide) {
  const int radius = std::max(2, static_cast<int>(0.015f * static_cast<float>(std::max(mask.width, mask.height))));
  constexpr float smallest_variance = 1e-4f;
  const auto times = [](float a, float b) { return a * b; };
  const Plane mean_g = box_mean(guide, radius), mean_m = box_mean(mask, radius);
  const Plane gg = box_mean(map(guide, guide, times), radius), gm = box_mean(map(guide, mask, times), radius);
  Plane slope(mask.width, mask.height), offset(mask.width, mask.height);
  for (std::size_t i = 0; i < mask.values.size(); ++i) {
    const float g = mean_g.values[i], m = mean_m.values[i];
    slope.values[i] = (gm.values[i] - g * m) / (gg.values[i] - g * g + smallest_variance);
    offset.values[i] = m - slope.values[i] * g;
  }
  slope = box_mean(slope, radius), offset = box_mean(offset, radius);
  Plane out = map(slope, guide, times);
  for (std::size_t i = 0; i < out.values.size(); ++i)
    out.values[i] = smooth01(2 * (out.values[i] + offset.values[i]) - 0.5f);
  return out;
}

Plane detail_of(const Analysis& photo) {
  constexpr int size = Analysis::size;
  Plane light(size, size);
  const float *r = photo.rgb.data(), *g = r + size * size, *b = g + size * size;
  for (int i = 0; i < size * size; ++i) light.values[i] = luma(Rgb<float>{r[i], g[i], b[i]});
  Plane fine = map(light, box_mean(light, 2), [](float a, float m) { return std::abs(a - m); });
  fine = box_mean(fine, 6);
  // Half-way at the detail of grass and foliage in even light.
  for (float& v : fine.values) v = v / (v + 0.03f);
  return fine;
}

}  // namespace sfumato
