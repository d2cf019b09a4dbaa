// SPDX-License-Identifier: Apache-2.0
#include "filters/levels.h"

#include <algorithm>
#include <cmath>

namespace sfumato {

namespace {

// Up to this width a sampled Gaussian is its three middle taps, so that a mix of three such is one.
constexpr double knee = 0.5;
// Four levels per octave keep a mix within 3e-4 of the Gaussian of the width between, for a unit step (three: 7e-4).
constexpr double levels_per_octave = 4.0;

// First side tap of a three-tap Gaussian.
double side_tap(double sigma) {
  if (sigma < 0.05) return 0.0;
  const double e = std::exp(-0.5 / (sigma * sigma));
  return e / (1.0 + 2.0 * e);
}

// Cells of 2^k pixels carry widths of 2 to 4 cells: narrower ones alias, wider ones take more taps.
int octave_of(double sigma) { return sigma < 4.0 ? 0 : std::ilogb(sigma) - 1; }

// The Gaussian in cells that makes the whole chain as wide as sigma: decimation by [1 3 3 1] / 8 and magnification by
// the cubic B-spline bring their own variance.
double sigma_in_cells(double sigma, int octave) {
  if (octave == 0) return sigma;
  const double f = std::ldexp(1.0, octave);
  return std::sqrt(sigma * sigma / (f * f) - 0.25 * (1.0 - 1.0 / (f * f)) - 1.0 / 3.0);
}

}  // namespace

std::vector<float> gaussian_taps(double sigma) {
  const int radius = static_cast<int>(std::ceil(4.0 * sigma));
  std::vector<double> tap;
  double sum = 0.0;
  for (int i = -radius; i <= radius; ++i) {
    tap.push_back(i == 0 ? 1.0 : std::exp(-0.5 * i * i / (sigma * sigma)));
    sum += tap.back();
  }
  std::vector<float> taps;
  for (double t : tap) taps.push_back(static_cast<float>(t / sum));
  return taps;
}

Level::Level(double sigma) : octave(octave_of(sigma)), taps(gaussian_taps(sigma_in_cells(sigma, octave))) {}

Levels::Levels(float sigma_low, float sigma_high) {
  const double high = std::max(0.0f, sigma_high), low = std::clamp<double>(sigma_low, 0.0, high);
  scale_.low = static_cast<float>(low);
  scale_.high = static_cast<float>(high);
  scale_.knee = static_cast<float>(knee);
  used_ = {0, 0};
  if (low == high) {
    levels_.emplace_back(high);
    return;
  }
  // The widest width is a level of its own: areas of full blur then cost one level.
  const double octaves = std::log2(std::max(high / knee, 1.0));
  const double steps = std::max(1.0, std::ceil(octaves * levels_per_octave - 1e-6));
  const double ratio = high > knee ? std::exp2(octaves / steps) : std::exp2(1.0 / levels_per_octave);
  const double per_tap = 2.0 / side_tap(knee);
  auto place = [&](double sigma) {
    return sigma < knee ? side_tap(sigma) * per_tap : 2.0 + std::log2(sigma / knee) / std::log2(ratio);
  };
  scale_.tap_scale = static_cast<float>(per_tap);
  scale_.log_scale = static_cast<float>(1.0 / std::log2(ratio));
  scale_.high_place = high > knee ? static_cast<float>(steps + 2.0) : static_cast<float>(place(high));
  used_ = used({static_cast<float>(place(low)), scale_.high_place});
  for (int j = 0; j <= used_.last; ++j) levels_.emplace_back(j == 0 ? 0.0 : knee * std::pow(ratio, j - 2));

  // Below place 2: quadratic Lagrange polynomials on the places of levels 0, 1 and 2.
  const double q = place(knee / ratio);
  const double below[3][3]{{1.0, -(q + 2.0) / (2.0 * q), 1.0 / (2.0 * q)},
                           {0.0, -2.0 / (q * (q - 2.0)), 1.0 / (q * (q - 2.0))},
                           {0.0, -q / (2.0 * (2.0 - q)), 1.0 / (2.0 * (2.0 - q))}};
  for (int j = 0; j <= used_.last; ++j) {
    shares_.push_back({static_cast<float>(j), {0.0f, 0.0f, 0.0f}});
    for (int i = 0; i < 3 && j < 3; ++i) shares_[j].below[i] = static_cast<float>(below[j][i]);
  }
}

LevelRange Levels::used(Extremes place) const {
  if (place.high == 0.0f) return {0, 0};
  const float low = std::floor(place.low), high = std::ceil(place.high);
  if (low == high && low >= 2.0f) return {static_cast<int>(low), static_cast<int>(low)};
  return {place.low < 2.0f ? 0 : static_cast<int>(low) - 1, place.high < 2.0f ? 2 : static_cast<int>(high) + 1};
}

}  // namespace sfumato
