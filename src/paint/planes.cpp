// SPDX-License-Identifier: Apache-2.0
#include "paint/planes.h"

#include <algorithm>
#include <cmath>

#include "filters/levels.h"
#include "filters/rows.h"
#include "image/strip.h"
#include "lane/isa.h"
#include "lane/pixel.h"

namespace sfumato {
std::vector<Resampler::Shares> Resampler::tent(int from, int to) {
  std::vector<Shares> all(static_cast<std::size_t>(from));
  const double scale = static_cast<double>(from) / to, reach = std::max(1.0, scale);
  std::vector<std::vector<std::pair<int, double>>> of_source(static_cast<std::size_t>(from));
  for (int i = 0; i < to; ++i) {
    const double center = (i + 0.5) * scale - 0.5;
    double sum = 0;
    std::vector<std::pair<int, double>> taps;
    for (int s = static_cast<int>(std::ceil(center - reach)); s <= center + reach; ++s)
      if (const double w = 1 - std::abs(s - center) / reach; w > 0)
        taps.emplace_back(std::clamp(s, 0, from - 1), w), sum += w;
    for (const auto& [s, w] : taps) of_source[s].emplace_back(i, w / sum);
  }
  for (int s = 0; s < from; ++s) {
    const auto& to_cells = of_source[s];
    if (to_cells.empty()) continue;
    all[s].first = to_cells.front().first;
    all[s].weight.resize(static_cast<std::size_t>(to_cells.back().first - all[s].first + 1));
    for (const auto& [i, w] : to_cells) all[s].weight[i - all[s].first] += static_cast<float>(w);
  }
  return all;
}

Resampler::Resampler(int width, int height, int count, int to_width, int to_height)
    : across_(tent(width, to_width)),
      down_(tent(height, to_height)),
      count_(static_cast<std::size_t>(count)),
      planes_(count_, Plane(to_width, to_height)) {}

void Resampler::add(int y, const float* values) {
  const int width = planes_[0].width;
  sums_.assign(static_cast<std::size_t>(width) * count_, 0.0f);
  for (const Shares& s : across_) {
    for (std::size_t t = 0; t < s.weight.size(); ++t)
      for (std::size_t c = 0; c < count_; ++c) sums_[(s.first + t) * count_ + c] += s.weight[t] * values[c];
    values += count_;
  }
  for (std::size_t t = 0; t < down_[y].weight.size(); ++t)
    for (std::size_t c = 0; c < count_; ++c) {
      float* to = planes_[c].row(down_[y].first + static_cast<int>(t));
      for (int x = 0; x < width; ++x) to[x] += down_[y].weight[t] * sums_[static_cast<std::size_t>(x) * count_ + c];
    }
}

Plane halved(const Plane& p) {
  Plane half((p.width + 1) / 2, (p.height + 1) / 2);
  for (int y = 0; y < half.height; ++y) {
    const float *a = p.row(2 * y), *b = p.row(std::min(2 * y + 1, p.height - 1));
    for (int x = 0; x < half.width; ++x) {
      const int right = std::min(2 * x + 1, p.width - 1);
      half.row(y)[x] = 0.25f * (a[2 * x] + a[right] + b[2 * x] + b[right]);
    }
  }
  return half;
}

Plane doubled(const Plane& half, int width, int height) {
  Plane out(width, height);
  parallel_for(height, 0, [&](int y) {
    for (int x = 0; x < width; ++x)
      out.row(y)[x] = bilinear(half, 0.5f * static_cast<float>(x) - 0.25f, 0.5f * static_cast<float>(y) - 0.25f);
  });
  return out;
}

Plane blurred(const Plane& p, double sigma, int threads) {
  const std::vector<float> taps = gaussian_taps(sigma);
  const int count = static_cast<int>(taps.size()), radius = count / 2;
  const FilterRows& kernel = kernels<FilterRows>(best_isa());
  Plane out(p.width, p.height);
  parallel_for(p.height, threads, [&](int y) {
    thread_local AlignedFloats sum, to;
    const int n = p.width + 2 * radius;
    sum.resize(static_cast<std::size_t>(padded(n) + padded(count))), to.resize(padded(p.width));
    // Rows of planes are not padded: each is added by hand.
    std::fill_n(sum.data(), padded(n) + padded(count), 0.0f);
    for (int t = 0; t < count; ++t) {
      const float* row = p.row(std::clamp(y + t - radius, 0, p.height - 1));
      float* s = sum.data() + radius;
      for (int x = 0; x < p.width; ++x) s[x] += taps[t] * row[x];
    }
    std::fill_n(sum.data(), radius, sum.data()[radius]);
    std::fill_n(sum.data() + radius + p.width, radius, sum.data()[radius + p.width - 1]);
    kernel.weigh_columns(sum.data(), taps.data(), count, p.width, to.data());
    std::copy_n(to.data(), p.width, out.row(y));
  });
  return out;
}

float bilinear(const Plane& p, float x, float y) {
  x = std::clamp(x, 0.0f, static_cast<float>(p.width - 1)), y = std::clamp(y, 0.0f, static_cast<float>(p.height - 1));
  const int i = static_cast<int>(x), j = static_cast<int>(y);
  const int right = std::min(i + 1, p.width - 1);
  const float *a = p.row(j), *b = p.row(std::min(j + 1, p.height - 1));
  const float s = x - static_cast<float>(i), t = y - static_cast<float>(j);
  const float top = a[i] + s * (a[right] - a[i]), low = b[i] + s * (b[right] - b[i]);
  return top + t * (low - top);
}

namespace {

// Weights of samples -1, 0, 1, 2 at t in 0..1, [Keys1981] eq. 4 with a = -1/2.
void cubic_weights(float t, float w[4]) {
  w[0] = t * (-0.5f + t * (1.0f - 0.5f * t));
  w[1] = 1.0f + t * t * (-2.5f + 1.5f * t);
  w[2] = t * (0.5f + t * (2.0f - 1.5f * t));
  w[3] = t * t * (-0.5f + 0.5f * t);
}

}  // namespace

void bicubic(const Planes& p, float x, float y, float rgb[3]) {
  const int width = p[0].width, height = p[0].height;
  x = std::clamp(x, 0.0f, static_cast<float>(width - 1)), y = std::clamp(y, 0.0f, static_cast<float>(height - 1));
  const int i = static_cast<int>(x), j = static_cast<int>(y);
  float across[4], down[4];
  cubic_weights(x - static_cast<float>(i), across), cubic_weights(y - static_cast<float>(j), down);
  int column[4];
  for (int t = 0; t < 4; ++t) column[t] = std::clamp(i + t - 1, 0, width - 1);
  for (int c = 0; c < 3; ++c) rgb[c] = 0;
  for (int t = 0; t < 4; ++t)
    for (int c = 0; c < 3; ++c) {
      const float* row = p[c].row(std::clamp(j + t - 1, 0, height - 1));
      rgb[c] += down[t] * (across[0] * row[column[0]] + across[1] * row[column[1]] + across[2] * row[column[2]] +
                           across[3] * row[column[3]]);
    }
}

void stretched_row(const Planes& planes, int width, int height, int y, float* const rgb[3]) {
  const float sx = static_cast<float>(planes[0].width) / static_cast<float>(width),
              sy = static_cast<float>(planes[0].height) / static_cast<float>(height);
  for (int x = 0; x < width; ++x) {
    float color[3];
    bicubic(planes, (static_cast<float>(x) + 0.5f) * sx - 0.5f, (static_cast<float>(y) + 0.5f) * sy - 0.5f, color);
    for (int c = 0; c < 3; ++c) rgb[c][x] = color[c];
  }
}

Plane luma_of(const Planes& rgb) {
  Plane plane(rgb[0].width, rgb[0].height);
  for (std::size_t i = 0; i < plane.values.size(); ++i)
    plane.values[i] = luma(Rgb<float>{rgb[0].values[i], rgb[1].values[i], rgb[2].values[i]});
  return plane;
}

}  // namespace sfumato
