// SPDX-License-Identifier: Apache-2.0
#include "measure/descriptor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "measure/scene.h"

namespace sfumato {
namespace {

constexpr int side = ScenePixels::side, pixels = ScenePixels::count;

template <class Value>
double mean_of(const Value& value) {
  double sum = 0;
  for (int i = 0; i < pixels; ++i) sum += value(i);
  return sum / pixels;
}

struct Moments {
  double mean = 0, deviation = 0;
};

template <class Value>
Moments moments(const Value& value) {
  double sum = 0, squares = 0;
  for (int i = 0; i < pixels; ++i) {
    const double v = value(i);
    sum += v;
    squares += v * v;
  }
  const double mean = sum / pixels;
  return {mean, std::sqrt(std::max(0.0, squares / pixels - mean * mean))};
}

void add_key(const ScenePixels& p, std::vector<float>& out) {
  auto push = [&](double v) { out.push_back(static_cast<float>(v)); };
  const Moments light = moments([&](int i) { return p.log_light[i]; });
  push(light.mean);
  push(light.deviation);
  const Moments plain = moments([&](int i) { return p.encoded[i].g; });
  push(4 * plain.mean);
  push(4 * plain.deviation);
  const double r = mean_of([&](int i) { return p.linear[i].r; }), g = mean_of([&](int i) { return p.linear[i].g; }),
               b = mean_of([&](int i) { return p.linear[i].b; });
  push(std::log2((g + 0.001)));
  push(2 * std::log2((r + 0.001) / (g + 0.001)));
  push(2 * std::log2((b + 0.001) / (g + 0.001)));
  push(20 * mean_of([&](int i) { return p.oklab[i].g; }));
  push(20 * mean_of([&](int i) { return p.oklab[i].b; }));
  const double chroma = mean_of([&](int i) { return p.chroma[i]; });
  push(10 * chroma);
  push(std::log2(chroma + 0.005));
  push(std::log2(mean_of([&](int i) { return p.luminance[i]; }) + 0.001));
  push(mean_of([&](int i) { return p.log_light[i] < -7 ? 1 : 0; }));
  push(mean_of([&](int i) { return p.log_light[i] > -0.1f ? 1 : 0; }));
}

// What sorting values[begin .. end) would put at these places (ascending) is there; the rest in no order.
void order(std::span<float> values, std::size_t begin, std::size_t end, std::span<const std::size_t> places) {
  if (places.empty()) return;
  const std::size_t middle = places.size() / 2, at = places[middle];
  std::nth_element(values.begin() + begin, values.begin() + at, values.begin() + end);
  order(values, begin, at, places.first(middle));
  order(values, at + 1, end, places.subspan(middle + 1));
}

void add_quantiles(const ScenePixels& p, std::vector<float>& out) {
  std::array<std::size_t, Descriptor::quantiles> places;
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = (2 * i + 1) * pixels / (2 * places.size());
  std::vector<float> light = p.log_light;
  order(light, 0, light.size(), places);
  for (const std::size_t place : places) out.push_back(0.5f * light[place]);
}

void add_cdf(const ScenePixels& p, std::vector<float>& out) {
  for (const auto channel : {&Rgb<float>::r, &Rgb<float>::g, &Rgb<float>::b}) {
    std::vector<int> count(Descriptor::cdf / 3);
    const int last = static_cast<int>(count.size()) - 1;
    for (const auto& c : p.encoded)
      ++count[std::clamp(static_cast<int>(c.*channel * static_cast<float>(last + 1)), 0, last)];
    int sum = 0;
    for (const int n : count) out.push_back(2 * static_cast<float>(sum += n) / pixels);
  }
}

void add_colors(const ScenePixels& p, std::vector<float>& out) {
  std::vector<float> share(Descriptor::colors);
  auto cell = [](float v) { return std::clamp(static_cast<int>(std::floor((v + 0.16f) * 25.0f)), 0, 7); };
  for (const auto& c : p.oklab) share[cell(c.b) * 8 + cell(c.g)] += 1.0f / pixels;
  // Roots, since the shares differ by powers of ten.
  for (const float s : share) out.push_back(std::sqrt(s));
}

void add_places(const ScenePixels& p, std::vector<float>& out) {
  constexpr int tile = side / 4;
  for (int ty = 0; ty < 4; ++ty)
    for (int tx = 0; tx < 4; ++tx) {
      double sum[3]{}, squares = 0;
      for (int y = 0; y < tile; ++y)
        for (int x = 0; x < tile; ++x) {
          const Rgb<float>& c = p.oklab[(ty * tile + y) * side + tx * tile + x];
          sum[0] += c.r, sum[1] += c.g, sum[2] += c.b;
          squares += c.r * c.r;
        }
      constexpr double n = tile * tile;
      const double scale[3]{2, 10, 10};
      for (int i = 0; i < 3; ++i) out.push_back(static_cast<float>(scale[i] * sum[i] / n));
      out.push_back(static_cast<float>(4 * std::sqrt(std::max(0.0, squares / n - sum[0] * sum[0] / (n * n)))));
    }
}

void add_focus(const ScenePixels& p, std::vector<float>& out) {
  out.push_back(4 * (find_scene_measure("focus_y")->of(p) - 0.5f));
  out.push_back(8 * (find_scene_measure("focus_height")->of(p) - 0.2f));
}

}  // namespace

std::vector<float> describe(const Analysis& a) {
  const ScenePixels p(a);
  std::vector<float> out;
  out.reserve(Descriptor::size);
  add_key(p, out);
  add_quantiles(p, out);
  add_cdf(p, out);
  add_colors(p, out);
  add_places(p, out);
  add_focus(p, out);
  return out;
}

}  // namespace sfumato
