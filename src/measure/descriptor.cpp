// SPDX-License-Identifier: Apache-2.0
#include "measure/descriptor.h"

#include <algorithm>
#include <cmath>

#include "color/lab.h"
#include "color/transfer.h"
#include "lane/scalar.h"
#include "measure/scene.h"

namespace sfumato {
namespace {

constexpr int side = Analysis::size, pixels = side * side;

// What is read of each pixel.
struct Pixels {
  std::vector<float> log_light, chroma;  // log2 of luminance above 1/1000; OKLab
  std::vector<Rgb<float>> encoded, linear, lab;

  explicit Pixels(const Analysis& a) {
    for (int i = 0; i < pixels; ++i) {
      encoded.push_back({a.rgb[i], a.rgb[pixels + i], a.rgb[2 * pixels + i]});
      linear.push_back(srgb_decode(encoded.back()));
      const Rgb<float>& c = linear.back();
      const float y = 0.2126f * c.r + 0.7152f * c.g + 0.0722f * c.b;
      log_light.push_back(std::log2(std::max(y, 0.0f) + 0.001f));
      lab.push_back(linear_to_oklab(c));
      chroma.push_back(std::hypot(lab.back().g, lab.back().b));
    }
  }
};

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

void add_key(const Pixels& p, std::vector<float>& out) {
  auto push = [&](double v) { out.push_back(static_cast<float>(v)); };
  const Moments light = moments([&](int i) { return p.log_light[i]; });
  push(light.mean);
  push(light.deviation);
  const Moments plain = moments([&](int i) { return p.encoded[i].g; });
  push(4 * plain.mean);
  push(4 * plain.deviation);
  const double r = moments([&](int i) { return p.linear[i].r; }).mean,
               g = moments([&](int i) { return p.linear[i].g; }).mean,
               b = moments([&](int i) { return p.linear[i].b; }).mean;
  push(std::log2((g + 0.001)));
  push(2 * std::log2((r + 0.001) / (g + 0.001)));
  push(2 * std::log2((b + 0.001) / (g + 0.001)));
  push(20 * moments([&](int i) { return p.lab[i].g; }).mean);
  push(20 * moments([&](int i) { return p.lab[i].b; }).mean);
  const double chroma = moments([&](int i) { return p.chroma[i]; }).mean;
  push(10 * chroma);
  push(std::log2(chroma + 0.005));
  push(std::log2(0.2126 * r + 0.7152 * g + 0.0722 * b + 0.001));
  push(moments([&](int i) { return p.log_light[i] < -7 ? 1 : 0; }).mean);
  push(moments([&](int i) { return p.log_light[i] > -0.1f ? 1 : 0; }).mean);
}

void add_quantiles(const Pixels& p, std::vector<float>& out) {
  std::vector<float> sorted = p.log_light;
  std::sort(sorted.begin(), sorted.end());
  for (int i = 0; i < Descriptor::quantiles; ++i)
    out.push_back(0.5f * sorted[(2 * i + 1) * pixels / (2 * Descriptor::quantiles)]);
}

void add_cdf(const Pixels& p, std::vector<float>& out) {
  for (const auto channel : {&Rgb<float>::r, &Rgb<float>::g, &Rgb<float>::b}) {
    std::vector<int> count(Descriptor::cdf / 3);
    const int last = static_cast<int>(count.size()) - 1;
    for (const auto& c : p.encoded)
      ++count[std::clamp(static_cast<int>(c.*channel * static_cast<float>(last + 1)), 0, last)];
    int sum = 0;
    for (const int n : count) out.push_back(2 * static_cast<float>(sum += n) / pixels);
  }
}

void add_colors(const Pixels& p, std::vector<float>& out) {
  std::vector<float> share(Descriptor::colors);
  auto cell = [](float v) { return std::clamp(static_cast<int>(std::floor((v + 0.16f) * 25.0f)), 0, 7); };
  for (const auto& c : p.lab) share[cell(c.b) * 8 + cell(c.g)] += 1.0f / pixels;
  // Roots, since the shares differ by powers of ten.
  for (const float s : share) out.push_back(std::sqrt(s));
}

void add_places(const Pixels& p, std::vector<float>& out) {
  constexpr int tile = side / 4;
  for (int ty = 0; ty < 4; ++ty)
    for (int tx = 0; tx < 4; ++tx) {
      double sum[3]{}, squares = 0;
      for (int y = 0; y < tile; ++y)
        for (int x = 0; x < tile; ++x) {
          const Rgb<float>& c = p.lab[(ty * tile + y) * side + tx * tile + x];
          sum[0] += c.r, sum[1] += c.g, sum[2] += c.b;
          squares += c.r * c.r;
        }
      constexpr double n = tile * tile;
      const double scale[3]{2, 10, 10};
      for (int i = 0; i < 3; ++i) out.push_back(static_cast<float>(scale[i] * sum[i] / n));
      out.push_back(static_cast<float>(4 * std::sqrt(std::max(0.0, squares / n - sum[0] * sum[0] / (n * n)))));
    }
}

void add_focus(const Analysis& a, std::vector<float>& out) {
  out.push_back(4 * (find_scene_measure("focus_y")->of(a) - 0.5f));
  out.push_back(8 * (find_scene_measure("focus_height")->of(a) - 0.2f));
}

}  // namespace

std::vector<float> describe(const Analysis& a) {
  const Pixels p(a);
  std::vector<float> out;
  out.reserve(Descriptor::size);
  add_key(p, out);
  add_quantiles(p, out);
  add_cdf(p, out);
  add_colors(p, out);
  add_places(p, out);
  add_focus(a, out);
  return out;
}

}  // namespace sfumato
