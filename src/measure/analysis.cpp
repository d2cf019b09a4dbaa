// SPDX-License-Identifier: Apache-2.0
#include "measure/analysis.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/threads.h"
#include "color/transfer.h"
#include "lane/scalar.h"

namespace sfumato {
namespace {

// Linear light of each value there is of such samples.
template <class T>
const std::vector<float>& light_of() {
  static const std::vector<float> table = [] {
    constexpr int last = std::numeric_limits<T>::max();
    std::vector<float> t(last + 1);
    parallel_parts(t.size(), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) t[i] = srgb_decode(static_cast<float>(i) / last);
    });
    return t;
  }();
  return table;
}

template <class T>
float light(T sample) {
  return light_of<T>()[sample];
}

// What is not finite counts as black.
template <>
float light(float sample) {
  return std::isfinite(sample) ? srgb_decode(sample) : 0.0f;
}

// One row of linear light, averaged over the columns of each cell.
template <class T>
void average_columns(const View& v, int y, std::vector<double>& out) {
  constexpr int size = Analysis::size;
  std::fill(out.begin(), out.end(), 0.0);
  const T* row = reinterpret_cast<const T*>(v.row(y));
  for (int x = 0; x < v.width; ++x) {
    // The pixel covers [x, x + 1) * size / width of the cells.
    const double from = static_cast<double>(x) * size / v.width, to = static_cast<double>(x + 1) * size / v.width;
    for (int c = 0; c < 3; ++c) {
      const double sample = light(row[x * v.bands + c]);
      for (int cell = static_cast<int>(from); cell < size && cell < to; ++cell)
        out[c * size + cell] += sample * (std::min<double>(to, cell + 1) - std::max<double>(from, cell));
    }
  }
}

}  // namespace

Analysis analyze(const View& v) {
  constexpr int size = Analysis::size;
  std::vector<double> sum(3 * size * size), row(3 * size);
  for (int y = 0; y < v.height; ++y) {
    switch (v.sample) {
      case Sample::u8:
        average_columns<std::uint8_t>(v, y, row);
        break;
      case Sample::u16:
        average_columns<std::uint16_t>(v, y, row);
        break;
      case Sample::f32:
        average_columns<float>(v, y, row);
    }
    const double from = static_cast<double>(y) * size / v.height, to = static_cast<double>(y + 1) * size / v.height;
    for (int cell = static_cast<int>(from); cell < size && cell < to; ++cell) {
      const double share = std::min<double>(to, cell + 1) - std::max<double>(from, cell);
      for (int c = 0; c < 3; ++c)
        for (int x = 0; x < size; ++x) sum[(c * size + cell) * size + x] += row[c * size + x] * share;
    }
  }
  Analysis a;
  a.aspect = static_cast<float>(v.width) / static_cast<float>(v.height);
  a.rgb.reserve(sum.size());
  for (const double light : sum) a.rgb.push_back(srgb_encode(static_cast<float>(light)));
  return a;
}

}  // namespace sfumato
