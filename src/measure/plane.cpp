// SPDX-License-Identifier: Apache-2.0
#include "measure/plane.h"

#include <fmt/format.h>

#include <cmath>

#include "lane/pixel.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

template <class T>
void read_row_of(const View& v, int y, float scale, float* rgb) {
  const T* in = reinterpret_cast<const T*>(v.row(y));
  for (int x = 0; x < v.width; ++x, in += v.bands, rgb += 3)
    for (int c = 0; c < 3; ++c) rgb[c] = static_cast<float>(in[c]) * scale;
}

// One value per pixel of rows that `read` fills.
template <class T, class Read, class Value>
Plane plane_of(const View& v, int threads, const Read& read, const Value& value) {
  Plane plane(v.width, v.height);
  parallel_for(v.height, threads, [&](int y) {
    std::vector<T> rgb(3 * static_cast<std::size_t>(v.width));
    read(v, y, rgb.data());
    for (int x = 0; x < v.width; ++x) plane.row(y)[x] = value(&rgb[3 * static_cast<std::size_t>(x)]);
  });
  return plane;
}

constexpr auto luma_of = [](const auto* rgb) {
  return luma_weights[0] * rgb[0] + luma_weights[1] * rgb[1] + luma_weights[2] * rgb[2];
};

}  // namespace

void check_same_size(const View& a, const View& b) {
  if (a.width == b.width && a.height == b.height) return;
  throw Error(Code::input, fmt::format("found pictures of {} x {} and {} x {} pixels; expected one size", a.width,
                                       a.height, b.width, b.height));
}

void read_row(const View& v, int y, float* rgb) {
  if (v.sample == Sample::u8) return read_row_of<std::uint8_t>(v, y, 1.0f / 255.0f, rgb);
  if (v.sample == Sample::u16) return read_row_of<std::uint16_t>(v, y, 1.0f / 65535.0f, rgb);
  read_row_of<float>(v, y, 1.0f, rgb);
}

void read_row_8bit(const View& v, int y, std::uint8_t* rgb) {
  std::vector<float> row(3 * static_cast<std::size_t>(v.width));
  read_row(v, y, row.data());
  for (const float s : row) *rgb++ = static_cast<std::uint8_t>(s > 0.0f ? std::lround(std::min(s, 1.0f) * 255.0f) : 0);
}

Plane channel_plane(const View& v, int band, int threads) {
  return plane_of<float>(v, threads, read_row, [band](const float* rgb) { return rgb[band]; });
}

Plane luma_plane(const View& v, int threads) { return plane_of<float>(v, threads, read_row, luma_of); }

Plane channel_plane_8bit(const View& v, int band, int threads) {
  return plane_of<std::uint8_t>(v, threads, read_row_8bit,
                                [band](const std::uint8_t* rgb) { return static_cast<float>(rgb[band]); });
}

Plane luma_plane_8bit(const View& v, int threads) { return plane_of<std::uint8_t>(v, threads, read_row_8bit, luma_of); }

}  // namespace sfumato
