// SPDX-License-Identifier: Apache-2.0
#include "measure/analysis.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "color/transfer.h"
#include "lane/scalar.h"

namespace sfumato {
namespace {

// The sample as encoded 0..1; what is not finite counts as black.
float sample_at(const View& v, const std::byte* row, int i) {
  switch (v.sample) {
    case Sample::u8:
      return static_cast<float>(reinterpret_cast<const std::uint8_t*>(row)[i]) / 255.0f;
    case Sample::u16:
      return static_cast<float>(reinterpret_cast<const std::uint16_t*>(row)[i]) / 65535.0f;
    case Sample::f32:
      break;
  }
  const float f = reinterpret_cast<const float*>(row)[i];
  return std::isfinite(f) ? f : 0.0f;
}

// The curve at the 256 values there are: most photos hold no others.
const std::array<float, 256>& light_of_byte() {
  static const auto table = [] {
    std::array<float, 256> t;
    for (int i = 0; i < 256; ++i) t[i] = srgb_decode(static_cast<float>(i) / 255.0f);
    return t;
  }();
  return table;
}

// One row of linear light, averaged over the columns of each cell.
void average_columns(const View& v, int y, std::vector<double>& out) {
  constexpr int size = Analysis::size;
  std::fill(out.begin(), out.end(), 0.0);
  const std::byte* row = v.row(y);
  for (int x = 0; x < v.width; ++x) {
    // The pixel covers [x, x + 1) * size / width of the cells.
    const double from = static_cast<double>(x) * size / v.width, to = static_cast<double>(x + 1) * size / v.width;
    for (int c = 0; c < 3; ++c) {
      const int at = x * v.bands + c;
      const double light = v.sample == Sample::u8 ? light_of_byte()[static_cast<std::uint8_t>(row[at])]
                                                  : srgb_decode(sample_at(v, row, at));
      for (int cell = static_cast<int>(from); cell < size && cell < to; ++cell)
        out[c * size + cell] += light * (std::min<double>(to, cell + 1) - std::max<double>(from, cell));
    }
  }
}

}  // namespace

Analysis analyze(const View& v) {
  constexpr int size = Analysis::size;
  std::vector<double> sum(3 * size * size), row(3 * size);
  for (int y = 0; y < v.height; ++y) {
    average_columns(v, y, row);
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
