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

// How much of a pixel lies in a cell, for pixels 0 .. count - 1 that cover the cells evenly.
struct Share {
  int pixel, cell;
  double share;
};

std::vector<Share> shares_of(int count) {
  constexpr int size = Analysis::size;
  std::vector<Share> shares;
  for (int i = 0; i < count; ++i) {
    const double from = static_cast<double>(i) * size / count, to = static_cast<double>(i + 1) * size / count;
    for (int cell = static_cast<int>(from); cell < size && cell < to; ++cell)
      shares.push_back({i, cell, std::min<double>(to, cell + 1) - std::max<double>(from, cell)});
  }
  return shares;
}

// Adds a row of linear light to its cells, r, g, b of each.
template <class T>
void add_row(const View& v, int y, const std::vector<Share>& columns, double share, double* cells) {
  const T* row = reinterpret_cast<const T*>(v.row(y));
  for (const Share& s : columns)
    for (int c = 0; c < 3; ++c) cells[3 * s.cell + c] += share * s.share * light(row[s.pixel * v.bands + c]);
}

void add_row(const View& v, int y, const std::vector<Share>& columns, double share, double* cells) {
  switch (v.sample) {
    case Sample::u8:
      return add_row<std::uint8_t>(v, y, columns, share, cells);
    case Sample::u16:
      return add_row<std::uint16_t>(v, y, columns, share, cells);
    case Sample::f32:
      return add_row<float>(v, y, columns, share, cells);
  }
}

}  // namespace

Analysis analyze(const View& v) {
  constexpr int size = Analysis::size;
  Analysis a;
  a.aspect = static_cast<float>(v.width) / static_cast<float>(v.height);
  a.rgb.resize(3 * size * size);
  const std::vector<Share> columns = shares_of(v.width), rows = shares_of(v.height);
  parallel_for(size / 16, 0, [&](int part) {
    for (int y = 16 * part; y < 16 * (part + 1); ++y) {
      double cells[3 * size]{};
      const auto first = std::partition_point(rows.begin(), rows.end(), [&](const Share& s) { return s.cell < y; });
      for (auto s = first; s != rows.end() && s->cell == y; ++s) add_row(v, s->pixel, columns, s->share, cells);
      for (int x = 0; x < size; ++x)
        for (int c = 0; c < 3; ++c)
          a.rgb[(c * size + y) * size + x] = srgb_encode(static_cast<float>(cells[3 * x + c]));
    }
  });
  return a;
}

}  // namespace sfumato
