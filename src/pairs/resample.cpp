// SPDX-License-Identifier: Apache-2.0
#include "pairs/resample.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/threads.h"

namespace sfumato {
namespace {

// Catmull-Rom weights of four samples.
void cubic_weights(double t, double (&w)[4]) {
  w[0] = ((-0.5 * t + 1.0) * t - 0.5) * t;
  w[1] = (1.5 * t - 2.5) * t * t + 1.0;
  w[2] = ((-1.5 * t + 2.0) * t + 0.5) * t;
  w[3] = (0.5 * t - 0.5) * t * t;
}

using Color = std::array<double, 3>;

const float* pixel_at(const Picture& p, int x, int y) {
  return p.samples<float>() +
         3 * (static_cast<std::size_t>(std::clamp(y, 0, p.height() - 1)) * p.width() + std::clamp(x, 0, p.width() - 1));
}

Color interpolated(const Picture& picture, double u, double v) {
  const int iu = static_cast<int>(std::floor(u)), iv = static_cast<int>(std::floor(v));
  double wu[4], wv[4];
  cubic_weights(u - iu, wu);
  cubic_weights(v - iv, wv);
  Color sum{};
  for (int dy = 0; dy < 4; ++dy)
    for (int dx = 0; dx < 4; ++dx) {
      const float* p = pixel_at(picture, iu - 1 + dx, iv - 1 + dy);
      for (int c = 0; c < 3; ++c) sum[c] += wv[dy] * wu[dx] * p[c];
    }
  return sum;
}

// As read_photo() reduces: the mean of an area of pixels.
Color mean_around(const Picture& picture, double u, double v, double wide, double high) {
  const double left = u + 0.5 - 0.5 * wide, top = v + 0.5 - 0.5 * high;
  const auto share = [](double from, double length, int i) {
    return std::max(0.0, std::min(from + length, i + 1.0) - std::max(from, 1.0 * i));
  };
  Color sum{};
  for (int y = static_cast<int>(std::floor(top)); y < top + high; ++y)
    for (int x = static_cast<int>(std::floor(left)); x < left + wide; ++x) {
      const float* p = pixel_at(picture, x, y);
      const double weight = share(left, wide, x) * share(top, high, y) / (wide * high);
      for (int c = 0; c < 3; ++c) sum[c] += weight * p[c];
    }
  return sum;
}

}  // namespace

Picture resampled(const Picture& picture, PhotoSize after, const Similarity& map, PhotoSize before, PhotoSize size,
                  std::vector<std::uint8_t>& inside) {
  Picture out(size.width, size.height, Sample::f32);
  inside.assign(static_cast<std::size_t>(size.width) * size.height, 0);
  const int w = picture.width(), h = picture.height();
  const double bx = static_cast<double>(before.width) / size.width,
               by = static_cast<double>(before.height) / size.height;
  const double ax = static_cast<double>(w) / after.width, ay = static_cast<double>(h) / after.height;
  // Of the picture's pixels: sides of what stands for a pixel of the output.
  const double wide = std::hypot(map.a, map.b) * bx * ax, high = std::hypot(map.a, map.b) * by * ay;
  const bool is_reduced = std::min(wide, high) >= 1.5;
  const double beyond_x = is_reduced ? 0.5 * wide - 0.5 : 0, beyond_y = is_reduced ? 0.5 * high - 0.5 : 0;
  constexpr double rounding = 1e-6;
  parallel_for(size.height, 0, [&](int y) {
    for (int x = 0; x < size.width; ++x) {
      const double px = (x + 0.5) * bx, py = (y + 0.5) * by;
      const double u = map.x(px, py) * ax - 0.5, v = map.y(px, py) * ay - 0.5;
      const std::size_t i = static_cast<std::size_t>(y) * size.width + x;
      inside[i] = u >= beyond_x - rounding && v >= beyond_y - rounding && u <= w - 1 - beyond_x + rounding &&
                  v <= h - 1 - beyond_y + rounding;
      const Color c = is_reduced ? mean_around(picture, u, v, wide, high) : interpolated(picture, u, v);
      for (int k = 0; k < 3; ++k) out.samples<float>()[3 * i + k] = static_cast<float>(c[k]);
    }
  });
  return out;
}

}  // namespace sfumato
