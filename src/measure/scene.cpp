// SPDX-License-Identifier: Apache-2.0
#include "measure/scene.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "color/lab.h"
#include "color/planckian.h"

namespace sfumato {
namespace {

constexpr int size = ScenePixels::side, pixels = ScenePixels::count;

// The log-average of [Reinhard2002] eq. 1, with a floor in place of its offset: true for dark photos too.
float key(const ScenePixels& p) {
  constexpr float floor = 1e-3f;  // a black frame must not decide alone
  double sum = 0;
  for (const float luminance : p.luminance) sum += std::log(std::max(floor, luminance));
  return static_cast<float>(std::exp(sum / pixels));
}

// Standard deviation of the tones, 0..1 encoded.
float contrast(const ScenePixels& p) {
  double sum = 0, square = 0;
  for (const float any : p.tone) {
    const double tone = std::clamp(any, 0.0f, 1.0f);
    sum += tone;
    square += tone * tone;
  }
  return static_cast<float>(std::sqrt(std::max(0.0, square / pixels - sum / pixels * sum / pixels)));
}

float chroma(const ScenePixels& p) {
  double sum = 0;
  for (const float chroma : p.chroma) sum += chroma;
  return static_cast<float>(sum / pixels);
}

// The color of the light: the mean of what may be gray ([Buchsbaum1980], colors weighed down by their chroma, so that
// a meadow is not taken for green light), without what is clipped or nearly black.
Rgb<float> illuminant(const ScenePixels& p) {
  double sum[3]{1e-6, 1e-6, 1e-6};
  for (int i = 0; i < pixels; ++i) {
    const Rgb<float>&e = p.encoded[i], &c = p.linear[i];
    const float high = std::max({e.r, e.g, e.b});
    if (high > 0.995f || high < 0.06f) continue;
    const float relative = p.chroma[i] / 0.08f, weight = 1.0f / (1.0f + relative * relative * relative * relative);
    sum[0] += weight * c.r;
    sum[1] += weight * c.g;
    sum[2] += weight * c.b;
  }
  return {static_cast<float>(sum[0]), static_cast<float>(sum[1]), static_cast<float>(sum[2])};
}

// CielabMatrices gives XYZ relative to D65, whose XYZ are these [CIE15].
Chromaticity<double> uv_of(const Rgb<float>& relative) {
  const double x = relative.r * 0.95047, y = relative.g, z = relative.b * 1.08883, sum = x + 15 * y + 3 * z;
  return {4 * x / sum, 6 * y / sum};
}

// From D65 to the light: mired along the locus, and the rest across it in u, v steps down. D65 itself lies beside the
// locus; distances are counted from it.
struct Cast {
  double mired, duv;
};

Cast cast_of(const ScenePixels& p) {
  constexpr double widest_mired = 100;
  const Chromaticity<double> light = uv_of(times(CielabMatrices::to_xyz, illuminant(p))), d65 = uv_of({1, 1, 1}),
                             base = planckian(0.0);
  // u grows with mired all along the scale.
  double low = -widest_mired, high = widest_mired;
  for (int i = 0; i < 40; ++i) {
    const double middle = 0.5 * (low + high);
    (planckian(middle).u - base.u < light.u - d65.u ? low : high) = middle;
  }
  return {low, (planckian(low).v - base.v) - (light.v - d65.v)};
}

float warmth(const ScenePixels& p) { return static_cast<float>(cast_of(p).mired); }
float magenta(const ScenePixels& p) { return static_cast<float>(cast_of(p).duv / WhiteScale::duv_per_tint); }

// How sharp each row of the photo is: the finest detail against all detail, where there is any.
std::array<double, size> sharpness_of_rows(const ScenePixels& p) {
  std::array<double, size> sharp{};
  for (int y = 1; y + 1 < size; ++y)
    for (int x = 1; x + 1 < size; ++x) {
      const float* t = &p.tone[y * size + x];
      const float laplacian = 4 * t[0] - t[-1] - t[1] - t[-size] - t[size];
      sharp[y] += static_cast<double>(laplacian) * laplacian;
    }
  // Over a tenth of the height: a single edge is no plane of focus.
  std::array<double, size> smooth{};
  constexpr int reach = size / 10;
  for (int y = 0; y < size; ++y)
    for (int dy = -reach; dy <= reach; ++dy)
      if (y + dy >= 0 && y + dy < size) smooth[y] += sharp[y + dy] * (1.0 + std::cos(M_PI * dy / (reach + 1)));
  return smooth;
}

struct Band {
  double center, spread;
};

Band focus(const ScenePixels& p) {
  double weight = 1e-12, first = 0.5e-12, second = 0.3e-12;
  const auto rows = sharpness_of_rows(p);
  for (int y = 0; y < size; ++y) {
    const double at = (y + 0.5) / size;
    weight += rows[y];
    first += rows[y] * at;
    second += rows[y] * at * at;
  }
  const double center = first / weight;
  return {center, std::sqrt(std::max(0.0, second / weight - center * center))};
}

float focus_y(const ScenePixels& p) { return static_cast<float>(focus(p).center); }
float focus_height(const ScenePixels& p) { return static_cast<float>(focus(p).spread); }

using Kind = SceneMeasure::Kind;
constexpr SceneMeasure table[]{
    {"key", "Log-average luminance, 0..1.", Kind::stops, 0.18f, key},
    {"contrast", "Standard deviation of the tones, 0..1.", Kind::shift, 0.24f, contrast},
    {"chroma", "Mean chroma in OKLab.", Kind::factor, 0.08f, chroma},
    {"warmth", "Color of the light in mired from D65; positive is warm.", Kind::shift, 0.0f, warmth},
    {"magenta", "Color of the light across the Planckian locus in steps of tint; positive is magenta.", Kind::shift,
     0.0f, magenta},
    {"focus_y", "Middle of what is sharp, as a share of the height from the top.", Kind::place, 0.0f, focus_y},
    {"focus_height", "Spread of what is sharp, as a share of the height.", Kind::place, 0.0f, focus_height},
};

}  // namespace

float SceneMeasure::correction(float measured, float target) const {
  constexpr float least = 1e-4f;
  switch (kind) {
    case Kind::stops:
      return std::log2(target / std::max(measured, least));
    case Kind::factor:
      return target / std::max(measured, least) - 1.0f;
    case Kind::shift:
      return target - measured;
    case Kind::place:
      break;
  }
  return measured;
}

std::span<const SceneMeasure> scene_measures() { return table; }

const SceneMeasure* find_scene_measure(std::string_view name) {
  for (const SceneMeasure& m : table)
    if (name == m.name) return &m;
  return nullptr;
}

}  // namespace sfumato
