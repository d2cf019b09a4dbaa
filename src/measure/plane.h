// SPDX-License-Identifier: Apache-2.0
// What measures read: rows of encoded values, and single channels as planes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/threads.h"
#include "sfumato/image.h"

namespace sfumato {

// One channel, rows packed.
struct Plane {
  int width = 0, height = 0;
  std::vector<float> values;

  Plane() = default;
  Plane(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w) * h) {}
  float* row(int y) { return values.data() + static_cast<std::size_t>(y) * width; }
  const float* row(int y) const { return values.data() + static_cast<std::size_t>(y) * width; }
};

// Throws Code::input unless the two have one size.
void check_same_size(const View& a, const View& b);

// Red, green, blue of each pixel of a row, 0..1 nominal.
void read_row(const View&, int y, float* rgb);

// The same as an 8-bit file holds them: clamped and rounded to whole numbers 0..255. NaN is 0.
void read_row_8bit(const View&, int y, std::uint8_t* rgb);

// Band 0..2 of a picture, or its BT.601 luma.
Plane channel_plane(const View&, int band, int threads = 0);
Plane luma_plane(const View&, int threads = 0);
// Of the picture rounded to 8 bits, 0..255.
Plane channel_plane_8bit(const View&, int band, int threads = 0);
Plane luma_plane_8bit(const View&, int threads = 0);

// Adds up what `row(y)` gives in the order of rows, so that the sum does not depend on the threads by one bit.
template <class Sum, class Row>
Sum sum_of_rows(int height, int threads, const Row& row) {
  std::vector<Sum> parts(static_cast<std::size_t>(height));
  parallel_for(height, threads, [&](int y) { parts[y] = row(y); });
  Sum sum{};
  for (const Sum& part : parts) sum += part;
  return sum;
}

}  // namespace sfumato
