// SPDX-License-Identifier: Apache-2.0
// The exchange of detail alone, in memory on two threads: the recursive domain transform of a change along a photo.
#include "transfer/exchange.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "image/strip.h"

namespace sfumato {
namespace {

// Steps and slopes, another part of them in each row.
void exchange(benchmark::State& state) {
  const int width = static_cast<int>(state.range(0)), height = static_cast<int>(state.range(1)), period = 97;
  std::vector<float> pattern(width + period);
  for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = static_cast<float>(i * 7 % period) / period;
  const auto rows = [&](int y0, int y1, PlanarRows& guide, PlanarRows& change) {
    guide.resize(width, y1 - y0), change.resize(width, y1 - y0);
    for (int y = y0; y < y1; ++y)
      for (int c = 0; c < 3; ++c) {
        std::memcpy(guide.row(y - y0).channel[c], &pattern[(y * 13 + c * 5) % period], sizeof(float) * width);
        std::fill_n(change.row(y - y0).channel[c], width, 0.1f);
      }
  };
  const ExchangeOptions options{.fits_detail = false};
  for (auto _ : state) benchmark::DoNotOptimize(exchanged(width, height, options, rows, 2).change.row(0, 0)[0]);
  const DomainTransformOptions filter = options.filter(width, height);
  state.counters["sigma_s"] = filter.sigma_s, state.counters["sigma_r"] = filter.sigma_r;
  state.counters["iterations"] = filter.iterations;
  state.counters["Mpix/s"] = benchmark::Counter(1e-6 * width * height, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(exchange)->Args({852, 480})->Args({6000, 4000})->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace sfumato
