// SPDX-License-Identifier: Apache-2.0
// Photos and edits for the tests of learning.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "pairs/pair.h"
#include "sfumato/look.h"
#include "sfumato/render.h"

namespace sfumato {

// Smooth fields of color, as out of focus: muted ones unless `spread` is large.
inline Picture photo(unsigned seed, float spread = 0.35f, float light = 0.45f) {
  constexpr int size = 96;
  std::mt19937 random(seed);
  auto uniform = [&] { return static_cast<float>(random() % 10000) / 10000.0f; };
  Picture p(size, size, Sample::f32);
  float wave[3][4];
  for (auto& w : wave)
    for (float& v : w) v = uniform();
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x)
      for (int c = 0; c < 3; ++c) {
        const float u = static_cast<float>(x) / size, v = static_cast<float>(y) / size;
        const float gray = std::sin(6.28f * (u * (0.5f + wave[0][3]) + wave[0][2])) * std::cos(4.0f * v + wave[1][3]);
        const float own = std::sin(6.28f * (u * wave[c][0] * 2 + v * wave[c][1] * 2 + wave[c][2]));
        p.samples<float>()[(y * size + x) * 3 + c] =
            std::round(255 * std::clamp(light + 0.4f * gray * (1 - spread) + 0.55f * spread * own, 0.0f, 1.0f)) / 255;
      }
  return p;
}

// As read from 8-bit files.
inline Pair pair_of(const Picture& before, const Look& look, const char* name = "photo") {
  Pair pair{name, {}, {}, before, before};
  const Picture& in = before;
  render(Plan(look), in.view(), pair.after.view());
  for (std::size_t i = 0; i < pair.after.sample_count(); ++i) {
    float& v = pair.after.samples<float>()[i];
    v = std::round(255 * std::clamp(v, 0.0f, 1.0f)) / 255;
  }
  return pair;
}

inline Look look_of(const std::string& steps) {
  return parse_look("{\"sfumato\": 1, \"steps\": [" + steps + "]}", "test");
}

inline const char* const curve_and_matrix =
    R"({"op": "tone_curve", "contrast": 0.4, "red": [0.04, 0.03, 0.02, 0, 0, 0, 0, 0, -0.02]},
  {"op": "color_matrix", "red": [0.1, -0.08, -0.02], "green": [-0.04, 0.08, -0.04], "blue": [0, -0.1, 0.1]})";

}  // namespace sfumato
