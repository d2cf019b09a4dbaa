// SPDX-License-Identifier: Apache-2.0
#include "filters/domain_transform.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/threads.h"
#include "filters/box_convolution.h"
#include "filters/rows.h"

namespace sfumato {
namespace {

constexpr int block_columns = 256, row_group = 8;

// Rows that go through a cache together, whole groups of them; each turn from rows to columns costs waking threads.
int rows_of_band(const FloatPlanes& picture) {
  constexpr int least = 8 * recurred_rows, floats = 1 << 21;
  const int row = picture.count() * padded(picture.width());
  return std::max(least, floats / row / recurred_rows * recurred_rows);
}

}  // namespace

double DomainTransformOptions::sigma_of(int i) const {
  return sigma_s * std::numbers::sqrt3 * std::exp2(iterations - i - 1) / std::sqrt(std::exp2(2 * iterations) - 1);
}

DomainTransform::DomainTransform(int width, int height, const DomainTransformOptions& o, const Guide& guide,
                                 int threads, Isa isa)
    : options_(o), distances_(width, height, 2), isa_(isa) {
  const FilterRows& kernels = sfumato::kernels<FilterRows>(isa_);
  const float scale = o.sigma_s / o.sigma_r;
  constexpr int rows_at_once = 32;
  parallel_for((height + rows_at_once - 1) / rows_at_once, threads, [&](int i) {
    thread_local PlanarRows rows;
    const int first = i * rows_at_once, y1 = std::min(height, first + rows_at_once), y0 = std::max(0, first - 1);
    guide(y0, y1, rows);
    for (int y = first; y < y1; ++y) {
      const Strip here = rows.row(y - y0);
      // The first pixel has no left neighbor: its distance to itself is overwritten.
      float* across = distances_.row(0, y);
      for (int x = 1; x < std::min(width, 17); ++x) {
        float sum = 0.0f;
        for (const float* c : here.channel) sum += std::abs(c[x] - c[x - 1]);
        across[x] = 1.0f + scale * sum;
      }
      if (width > 16)
        kernels.domain_distances(here.from(16).channel, here.from(15).channel, scale, width - 16, across + 16);
      if (y > 0)
        kernels.domain_distances(here.channel, rows.row(y - 1 - y0).channel, scale, width, distances_.row(1, y));
    }
  });
}

void DomainTransform::recur(FloatPlanes& picture, double sigma, int threads) const {
  const FilterRows& kernels = sfumato::kernels<FilterRows>(isa_);
  // Feedback a^d with a = exp(-sqrt 2 / sigma), [Gastal2011] eq. 21.
  const float log_a = static_cast<float>(-std::numbers::sqrt2 / sigma * std::numbers::log2e);
  const int width = picture.width(), height = picture.height(), count = picture.count();
  const int blocks = (width + block_columns - 1) / block_columns, band_rows = rows_of_band(picture),
            bands = (height + band_rows - 1) / band_rows;

  auto in_columns = [&](int y0, int y1, bool down) {
    parallel_for(blocks, threads, [&](int block) {
      const int x = block * block_columns, n = std::min(block_columns, width - x);
      alignas(64) float weight[block_columns];
      for (int i = 0; i < y1 - y0; ++i) {
        const int y = down ? y0 + i : y1 - 1 - i, from = down ? y - 1 : y + 1;
        if (from < 0 || from >= height) continue;
        kernels.feedback(distances_.row(1, std::max(y, from)) + x, log_a, n, weight);
        for (int p = 0; p < count; ++p) kernels.follow(picture.row(p, from) + x, weight, n, picture.row(p, y) + x);
      }
    });
  };
  for (int band = 0; band < bands; ++band) {
    const int y0 = band * band_rows, y1 = std::min(height, y0 + band_rows);
    parallel_for((y1 - y0 + recurred_rows - 1) / recurred_rows, threads, [&](int group) {
      std::vector<const float*> distances;
      std::vector<float*> rows;
      const int first = y0 + group * recurred_rows, n = std::min(recurred_rows, y1 - first);
      for (int i = 0; i < recurred_rows; ++i) distances.push_back(distances_.row(0, first + std::min(i, n - 1)));
      for (int p = 0; p < count; ++p)
        for (int i = 0; i < recurred_rows; ++i) rows.push_back(picture.row(p, first + std::min(i, n - 1)));
      thread_local AlignedFloats memory;
      memory.resize(recurred_floats(count, width));
      kernels.recur_along(distances.data(), log_a, rows.data(), n, count, width, memory.data());
    });
    in_columns(y0, y1, true);
  }
  for (int band = bands - 1; band >= 0; --band)
    in_columns(band * band_rows, std::min(height, (band + 1) * band_rows), false);
}

void DomainTransform::convolve(DomainFilter kind, FloatPlanes& picture, double sigma, int threads) const {
  const double radius = sigma * std::numbers::sqrt3;
  const int width = picture.width(), height = picture.height();
  parallel_for((height + row_group - 1) / row_group, threads, [&](int group) {
    BoxConvolution box;
    for (int y = group * row_group; y < std::min(height, (group + 1) * row_group); ++y) {
      box.place(distances_.row(0, y), 1, width, radius);
      for (int p = 0; p < picture.count(); ++p) box.apply(kind, picture.row(p, y), 1);
    }
  });
  // Sixteen columns share each cache line that they touch.
  const std::ptrdiff_t down = height > 1 ? picture.row(0, 1) - picture.row(0, 0) : 0,
                       distance_down = height > 1 ? from_above(1) - from_above(0) : 0;
  parallel_for((width + 15) / 16, threads, [&](int block) {
    BoxConvolution box;
    for (int x = 16 * block; x < std::min(width, 16 * block + 16); ++x) {
      box.place(from_above(0) + x, distance_down, height, radius);
      for (int p = 0; p < picture.count(); ++p) box.apply(kind, picture.row(p, 0) + x, down);
    }
  });
}

void DomainTransform::filter(DomainFilter kind, FloatPlanes& picture, int threads) const {
  for (int i = 0; i < options_.iterations; ++i) {
    if (kind == DomainFilter::recursive)
      recur(picture, options_.sigma_of(i), threads);
    else
      convolve(kind, picture, options_.sigma_of(i), threads);
  }
}

}  // namespace sfumato
