// SPDX-License-Identifier: Apache-2.0
// Maps over a photo as a table: what looks that work in places cost for each photo, and for key frames of a video.
#include <benchmark/benchmark.h>

#include <cmath>

#include "measure/map_table.h"

namespace {

using namespace sfumato;

void map_of_photo(benchmark::State& state) {
  constexpr int size = Analysis::size;
  Analysis photo;
  photo.rgb.resize(3 * size * size);
  std::array<Plane, 3> maps{Plane(size, size), Plane(size, size), Plane(size, size)};
  for (int i = 0; i < size * size; ++i) {
    const double x = i % size, y = i / size;
    for (int c = 0; c < 3; ++c) {
      photo.rgb[c * size * size + i] = static_cast<float>(0.5 + 0.5 * std::sin(x / (9 + c) + y / 31));
      maps[c].values[i] = static_cast<float>(0.5 + 0.5 * std::cos(x / 40 - y / (20 + c)));
    }
  }
  for (auto _ : state) benchmark::DoNotOptimize(map_table(maps, photo));
}
BENCHMARK(map_of_photo)->Unit(benchmark::kMillisecond);

}  // namespace
