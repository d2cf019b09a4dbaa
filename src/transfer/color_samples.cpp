// SPDX-License-Identifier: Apache-2.0
#include "transfer/color_samples.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "color/lab.h"
#include "color/transfer.h"
#include "lane/scalar.h"

namespace sfumato {
namespace {

float sample_at(const View& v, int x, int y, int band) {
  const std::byte* p = v.row(y) + static_cast<std::ptrdiff_t>(x) * v.pixel_bytes() + band * bytes_of(v.sample);
  if (v.sample == Sample::u8) return static_cast<float>(*reinterpret_cast<const std::uint8_t*>(p)) / 255.0f;
  if (v.sample == Sample::u16) return static_cast<float>(*reinterpret_cast<const std::uint16_t*>(p)) / 65535.0f;
  return *reinterpret_cast<const float*>(p);
}

}  // namespace

Rgb<float> color_of(const View& v, int x, int y) {
  return {sample_at(v, x, y, 0), sample_at(v, x, y, 1), sample_at(v, x, y, 2)};
}

float alpha_of(const View& v, int x, int y) { return v.bands < 4 ? 1.0f : sample_at(v, x, y, 3); }

double ColorSamples::total() const { return std::accumulate(weight.begin(), weight.end(), 0.0); }

void ColorSamples::add(const ColorSamples& other, double share) {
  const double total = other.total();
  lab.insert(lab.end(), other.lab.begin(), other.lab.end());
  for (const float w : other.weight) weight.push_back(total > 0 ? static_cast<float>(w * share / total) : 0.0f);
}

ColorSamples sample_colors(const View& srgb, const Plane* mask, int most) {
  const int step =
      std::max(1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(srgb.width) * srgb.height / most))));
  ColorSamples samples;
  std::vector<float> row(3 * static_cast<std::size_t>(srgb.width));
  for (int y = std::min(step / 2, srgb.height - 1); y < srgb.height; y += step) {
    read_row(srgb, y, row.data());
    for (int x = std::min(step / 2, srgb.width - 1); x < srgb.width; x += step) {
      const float* p = &row[3 * static_cast<std::size_t>(x)];
      if (!std::isfinite(p[0] + p[1] + p[2]) || alpha_of(srgb, x, y) < 0.5f) continue;
      const float weight = mask ? stretched(*mask, x, y, srgb.width, srgb.height) : 1.0f;
      if (weight <= 0.0f) continue;
      samples.lab.push_back(oklab_of_srgb({p[0], p[1], p[2]}));
      samples.weight.push_back(weight);
    }
  }
  return samples;
}

Rgb<float> oklab_of_srgb(const Rgb<float>& c) {
  auto unit = [](float v) { return clamp(v, 0.0f, 1.0f); };
  return linear_to_oklab(srgb_decode(Rgb<float>{unit(c.r), unit(c.g), unit(c.b)}));
}

float stretched(const Plane& p, int x, int y, int width, int height) {
  const float u = clamp((static_cast<float>(x) + 0.5f) * static_cast<float>(p.width) / static_cast<float>(width) - 0.5f,
                        0.0f, static_cast<float>(p.width - 1));
  const float v =
      clamp((static_cast<float>(y) + 0.5f) * static_cast<float>(p.height) / static_cast<float>(height) - 0.5f, 0.0f,
            static_cast<float>(p.height - 1));
  const int i = static_cast<int>(u), j = static_cast<int>(v), i1 = std::min(i + 1, p.width - 1),
            j1 = std::min(j + 1, p.height - 1);
  const float s = u - static_cast<float>(i), t = v - static_cast<float>(j);
  return mix(mix(p.row(j)[i], p.row(j)[i1], s), mix(p.row(j1)[i], p.row(j1)[i1], s), t);
}

}  // namespace sfumato
