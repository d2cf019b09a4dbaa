// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// Turns, scales and lightens colors by hue. The eight bands meet smoothly; grays take no part.
struct HueBands {
  static constexpr Card card{"hue_bands", "Hue bands", "Adjust reds, oranges, yellows ... each by itself.",
                             Space::oklab};
  static constexpr Knob knobs[]{
      {"hue", -1.0f, 1.0f, 0.0f,
       "Turn of red, orange, yellow, green, aqua, blue, purple, magenta; 1 is 30 degrees toward the next.", 8},
      {"saturation", -1.0f, 1.0f, 0.0f, "Change of chroma of the same eight.", 8},
      {"lightness", -1.0f, 1.0f, 0.0f, "Change of lightness of the same eight; 1 is half as light again.", 8},
  };

  // For each of hue, saturation, lightness: the value at the band and the step to the next band.
  template <class S>
  static Coeffs<S, 48> prepare(const S* knob) {
    constexpr float unit[3]{0.5235988f, 1.0f, 0.5f};
    Coeffs<S, 48> k;
    for (int row = 0; row < 3; ++row)
      for (int i = 0; i < 8; ++i) {
        const S here = knob[row * 8 + i] * S(unit[row]), next = knob[row * 8 + (i + 1) % 8] * S(unit[row]);
        k[row * 16 + i] = here;
        k[row * 16 + 8 + i] = next - here;
      }
    return k;
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 48>& k) {
    // The hue in eighths of a turn from a direction between red and orange (OKLab hue 45.62 degrees), chosen
    // so that just one band begins in each eighth.
    constexpr float begin[8]{0.1641f, 1.4307f, 2.1418f, 3.3196f, 4.8530f, 5.6529f, 6.2752f, 7.6308f};
    constexpr float per_width[8]{1.87491f, 0.78950f, 1.40626f, 0.84908f, 0.65216f, 1.25004f, 1.60712f, 0.73768f};
    constexpr float cosine = 0.6994666f, sine = 0.7146653f;
    V hue = atan2(c.g * V(sine) - c.b * V(cosine), V(0.0f) - c.g * V(cosine) - c.b * V(sine)) * V(1.2732395f) + V(4.0f);
    V eighth = clamp(floor(hue), V(0.0f), V(7.0f)), past = hue - pick8(begin, eighth);
    auto is_before = past < V(0.0f);
    V band = select(is_before, eighth, eighth + V(1.0f));
    band = select(band < V(8.0f), band, V(0.0f));
    V t = past * pick8(per_width, band);
    t = smooth01(select(is_before, t + V(1.0f), t));

    V turn = pick8(k.v, band) + pick8(k.v + 8, band) * t;
    V chroma_gain = pick8(k.v + 16, band) + pick8(k.v + 24, band) * t;
    V light_gain = pick8(k.v + 32, band) + pick8(k.v + 40, band) * t;
    V colored = smooth01((c.g * c.g + c.b * c.b) * V(1.0f / 0.0036f));

    // The turn is at most 0.52 rad: short series, exact at 0.
    V q = turn * turn;
    V turn_x = V(1.0f) - q * (V(0.5f) - q * V(1.0f / 24.0f));
    V turn_y = turn * (V(1.0f) - q * (V(1.0f / 6.0f) - q * V(1.0f / 120.0f)));
    V scale = V(1.0f) + chroma_gain;
    return {c.r * (V(1.0f) + light_gain * colored), (c.g * turn_x - c.b * turn_y) * scale,
            (c.g * turn_y + c.b * turn_x) * scale};
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
