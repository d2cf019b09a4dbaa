// SPDX-License-Identifier: Apache-2.0
// Gaussian blur of a 24 megapixel picture in memory on two threads, preparation included.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/threads.h"
#include "filters/scale_space.h"

namespace sfumato {
namespace {

constexpr int width = 6000, height = 4000, band = 64, threads = 2;

PlanarRows& picture() {
  static PlanarRows rows = [] {
    PlanarRows r;
    r.resize(width, height);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (int c = 0; c < 3; ++c) r.row(y).channel[c][x] = static_cast<float>((x * 7 + y * 13 + c * 5) % 97) / 97.0f;
    return r;
  }();
  return rows;
}

void copy_rows(int y0, int y1, PlanarRows& rows) {
  rows.resize(width, y1 - y0);
  for (int y = y0; y < y1; ++y)
    for (int c = 0; c < 3; ++c)
      std::memcpy(rows.row(y - y0).channel[c], picture().row(y).channel[c], sizeof(float) * width);
}

void blur(benchmark::State& state, float low, float high, const ScaleSpace::Sigma& sigma) {
  picture();
  for (auto _ : state) {
    ScaleSpace space(width, height, low, high);
    space.build(copy_rows, threads);
    parallel_for((height + band - 1) / band, threads, [&](int i) {
      thread_local PlanarRows rows, soft;
      const int y0 = i * band, y1 = std::min(height, y0 + band);
      if (space.halo() > 0) copy_rows(std::max(0, y0 - space.halo()), std::min(height, y1 + space.halo()), rows);
      space.blur_band(rows, y0, y1, sigma, soft);
      benchmark::DoNotOptimize(soft.row(0).channel[0][0]);
    });
  }
}

void gaussian(benchmark::State& state) {
  const float sigma = static_cast<float>(state.range(0));
  blur(state, sigma, sigma, {});
}
BENCHMARK(gaussian)->Arg(1)->Arg(3)->Arg(5)->Arg(20)->Arg(100)->Unit(benchmark::kMillisecond)->UseRealTime();

// A sharp band of 15 % of the height and blur that grows to 40 pixels over 30 %; turned by range(0) degrees.
void tilt_shift(benchmark::State& state) {
  const float angle = static_cast<float>(state.range(0)) * 0.01745329252f, s = std::sin(angle), c = std::cos(angle);
  blur(state, 0.0f, 40.0f, [=](int y, float* sigma) {
    for (int x = 0; x < width; ++x) {
      const float away = std::fabs((y - height * 0.55f) * c + (x - width * 0.5f) * s) / height;
      const float t = std::clamp((away - 0.075f) / 0.15f, 0.0f, 1.0f);
      sigma[x] = t * t * (3.0f - 2.0f * t) * 40.0f;
    }
  });
}
BENCHMARK(tilt_shift)->Arg(0)->Arg(30)->Arg(90)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace sfumato
