// SPDX-License-Identifier: Apache-2.0
#include "sample_scene.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.h"
#include "base/threads.h"
#include "color/transfer.h"
#include "lane/scalar.h"

namespace sfumato {
namespace {

constexpr int width = 1200, height = 800;

using Light = Rgb<double>;  // linear

double smooth(double t) { return t * t * (3 - 2 * t); }
double ramp(double v, double from, double to) { return smooth(std::clamp((v - from) / (to - from), 0.0, 1.0)); }
Light between(const Light& a, const Light& b, double t) { return a + (b - a) * t; }

// Smooth noise in -1..1.
double value_noise(std::uint64_t seed, double x, double y) {
  const double x0 = std::floor(x), y0 = std::floor(y), fx = smooth(x - x0), fy = smooth(y - y0);
  auto at = [&](double dx, double dy) {
    const auto column = static_cast<std::uint64_t>(static_cast<std::int64_t>(x0 + dx) + (1 << 20));
    const auto row = static_cast<std::uint64_t>(static_cast<std::int64_t>(y0 + dy) + (1 << 20));
    return 2 * random_uniform(seed, (row << 32) + column) - 1;
  };
  return std::lerp(std::lerp(at(0, 0), at(1, 0), fx), std::lerp(at(0, 1), at(1, 1), fx), fy);
}

double fractal(std::uint64_t seed, double x, double y, int octaves) {
  double sum = 0;
  for (int k = 0; k < octaves; ++k)
    sum += value_noise(seed + static_cast<std::uint64_t>(k), std::ldexp(x, k), std::ldexp(y, k)) / std::ldexp(1.0, k);
  return sum;
}

// A lake at evening: sky, clouds, sun and ridges, and what the water shows of them. x and y in heights, y downward.
Light land(double x, double y) {
  constexpr double horizon = 0.62;
  const double t = std::clamp(y / horizon, 0.0, 1.0), sun = std::hypot(x - 0.45, y - 0.47);
  Light c = Light{0.06, 0.17, 0.48} * std::pow(1 - t, 1.2) + Light{0.95, 0.42, 0.16} * (t * t * t) +
            Light{0.5, 0.6, 0.84} * (t * (1 - t));
  c = c + Light{6, 5, 3} * std::exp(-sun * sun * 1500) + Light{0.9, 0.45, 0.16} * std::exp(-sun * 6);
  const double cloud = std::clamp(fractal(1, 3 * x, 6 * y, 6) * 0.9 + 0.3 * t - 0.1, 0.0, 1.0) * (1 - 0.4 * t);
  c = between(c, {0.62, 0.42, 0.36}, 0.75 * cloud);
  constexpr double base[3]{0.56, 0.60, 0.63}, tall[3]{0.16, 0.12, 0.07};
  constexpr Light color[3]{{0.16, 0.19, 0.30}, {0.07, 0.12, 0.12}, {0.035, 0.085, 0.03}};
  for (int k = 0; k < 3; ++k) {
    if (y < base[k] - 1.5 * tall[k]) continue;  // above any peak
    const double ridge =
        base[k] - tall[k] * (0.5 + 0.5 * fractal(20 + 8 * static_cast<std::uint64_t>(k), (3 + 2 * k) * x, 0.5, 7));
    const double cover = ramp(y, ridge - 0.0008, ridge + 0.0008);
    if (cover > 0) c = between(c, color[k] * (1 + 0.35 * fractal(50, 30 * x, 30 * y, 4)), cover);
  }
  return c;
}

Light lake(double x, double y) {
  constexpr double horizon = 0.63;
  if (y < horizon) return land(x, y);
  const double depth = (y - horizon) / (1 - horizon);
  const double ripple = fractal(70, 18 * x, 90 * y / (0.3 + depth), 4) * (0.003 + 0.02 * depth);
  return land(x + ripple, horizon - (y - horizon) * 0.9 + 0.4 * ripple) * 0.62 + Light{0.004, 0.012, 0.02};
}

// Balls of many colors on a table, lit from the left, before a gray wall: skin, fruit and sky tones, and a ramp of
// grays along the edge.
Light still_life(double x, double y) {
  if (y > 0.93) return Light{1, 1, 1} * std::pow(std::floor(x / 1.5 * 24) / 23, 2.2);
  Light c = y < 0.55 ? Light{0.20, 0.19, 0.18} * (1.5 - 0.7 * x)
                     : Light{0.24, 0.15, 0.09} * (1 + 0.25 * fractal(3, 2 * x, 40 * y, 4)) * (1.3 - 0.5 * x);
  constexpr Light color[12]{{0.62, 0.30, 0.20}, {0.85, 0.55, 0.42}, {0.22, 0.10, 0.06}, {0.72, 0.04, 0.03},
                            {0.90, 0.35, 0.02}, {0.88, 0.70, 0.04}, {0.18, 0.50, 0.05}, {0.03, 0.25, 0.10},
                            {0.04, 0.40, 0.55}, {0.04, 0.10, 0.55}, {0.25, 0.06, 0.45}, {0.75, 0.10, 0.35}};
  for (int i = 0; i < 12; ++i) {
    const double radius = 0.09, cx = 0.17 + 0.235 * (i % 6), cy = i < 6 ? 0.42 : 0.70;
    // What it takes from the light on the table.
    const double shade = std::hypot((x - cx - 0.06) / 1.6, (y - cy - 0.085) * 3.5) / radius;
    if (y > 0.55) c = c * (1 - 0.65 * std::exp(-shade * shade * 1.2));
    const double dx = (x - cx) / radius, dy = (y - cy) / radius, d = dx * dx + dy * dy;
    if (d > 1) continue;
    const double dz = std::sqrt(1 - d), light = std::max(0.0, -0.55 * dx - 0.55 * dy + 0.63 * dz);
    const double gloss = std::pow(std::max(0.0, -0.42 * dx - 0.42 * dy + 0.80 * dz), 60.0);
    const Light lit = color[i] * (0.06 + 1.15 * light) + Light{1, 0.97, 0.92} * (0.8 * gloss);
    c = between(c, lit, ramp(1 - d, 0, 0.02));
  }
  return c;
}

// A street at night: windows, lamps and signs in rain on black ground.
Light night(double x, double y) {
  const bool is_ground = y > 0.72;
  const double up = is_ground ? 1.44 - y + 0.02 * fractal(5, 14 * x, 60 * y, 3) : y;
  Light c = Light{0.010, 0.014, 0.035} * (1.6 - up) + Light{0.05, 0.02, 0.04} * std::exp(-8 * std::abs(0.72 - up));
  for (int i = 0; i < 9; ++i) {
    const auto n = static_cast<std::uint64_t>(i);
    const double left = 0.17 * i - 0.02, top = 0.12 + 0.35 * random_uniform(6, n);
    if (x < left || x > left + 0.15 || up < top || up > 0.72) continue;
    c = Light{0.016, 0.015, 0.022} * (0.7 + 0.6 * random_uniform(7, n));
    const int column = static_cast<int>((x - left) / 0.025), row = static_cast<int>((up - top) / 0.04);
    const double u = (x - left) / 0.025 - column, v = (up - top) / 0.04 - row;
    const double lit = random_uniform(8, n * 1000 + static_cast<std::uint64_t>(column * 40 + row));
    if (u > 0.25 && u < 0.8 && v > 0.2 && v < 0.75 && lit > 0.55)
      c = between(Light{1.1, 0.6, 0.2}, Light{0.4, 0.6, 0.9}, ramp(lit, 0.85, 0.95)) * lit;
  }
  constexpr Light glow[4]{{1.2, 0.1, 0.55}, {0.05, 0.8, 1.1}, {1.4, 0.75, 0.2}, {0.2, 1.0, 0.35}};
  for (int i = 0; i < 10; ++i) {
    const auto n = static_cast<std::uint64_t>(i);
    const double d = std::hypot(x - 1.5 * random_uniform(9, n),
                                (up - 0.30 - 0.38 * random_uniform(10, n)) * (is_ground ? 0.45 : 1.0));
    c = c + glow[i % 4] * (1.6 * std::exp(-d * d * 6000) + 0.25 * std::exp(-d * 22));
  }
  return is_ground ? c * 0.55 : c;
}

template <Light (*scene)(double, double)>
Picture draw() {
  Picture picture(width, height, Sample::u8);
  parallel_for(height, 0, [&](int y) {
    for (int x = 0; x < width; ++x) {
      const Light c = scene((x + 0.5) / height, (y + 0.5) / height);
      auto* to =
          picture.samples<std::uint8_t>() + 3 * (static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x));
      const double noise = random_uniform(99, static_cast<std::uint64_t>(y) * width + static_cast<std::uint64_t>(x));
      for (const double light : {c.r, c.g, c.b})
        *to++ = static_cast<std::uint8_t>(std::clamp(255 * srgb_encode(static_cast<float>(light)) + noise, 0.0, 255.0));
    }
  });
  return picture;
}

}  // namespace

std::span<const SampleScene> sample_scenes() {
  static constexpr SampleScene all[]{{"lake", "Lake at evening", &draw<lake>},
                                     {"still-life", "Colors on a table", &draw<still_life>},
                                     {"night", "Street at night", &draw<night>}};
  return all;
}

}  // namespace sfumato
