// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato { inline namespace SFM_ISA {

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
    // Angle from red (OKLab hue 29 degrees), 0 .. 2 pi, and the band that holds it.
    constexpr float begin[8]{0.0f, 0.4189f, 1.4137f, 1.9722f, 2.8972f, 4.1015f, 4.7298f, 5.2185f};
    constexpr float per_width[8]{2.3872f, 1.0052f, 1.7905f, 1.0811f, 0.8304f, 1.5916f, 2.0463f, 0.9393f};
    V angle = atan2(c.b * V(0.87462f) - c.g * V(0.48481f), c.g * V(0.87462f) + c.b * V(0.48481f));
    angle = select(angle < V(0.0f), angle + V(6.2831853f), angle);
    V band = V(0.0f);
    for (int i = 1; i < 8; ++i) band = band + select(angle < V(begin[i]), V(0.0f), V(1.0f));
    V t = smooth01((angle - pick8(begin, band)) * pick8(per_width, band));

    V turn = pick8(k.v, band) + pick8(k.v + 8, band) * t;
    V chroma_gain = pick8(k.v + 16, band) + pick8(k.v + 24, band) * t;
    V light_gain = pick8(k.v + 32, band) + pick8(k.v + 40, band) * t;
    V colored = smooth01((c.g * c.g + c.b * c.b) * V(1.0f / 0.0036f));

    // The turn is at most 0.52 rad: short series, exact at 0.
    V q = turn * turn;
    V cosine = V(1.0f) - q * (V(0.5f) - q * V(1.0f / 24.0f));
    V sine = turn * (V(1.0f) - q * (V(1.0f / 6.0f) - q * V(1.0f / 120.0f)));
    V scale = V(1.0f) + chroma_gain;
    return {c.r * (V(1.0f) + light_gain * colored), (c.g * cosine - c.b * sine) * scale,
            (c.g * sine + c.b * cosine) * scale};
  }
};

}}  // namespace sfumato
