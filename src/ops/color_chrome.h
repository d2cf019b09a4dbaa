// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// Darkens saturated colors, so that they keep gradation instead of glowing.
struct ColorChrome {
  static constexpr Card card{"color_chrome", "Color chrome", "Deepen saturated colors.", Space::oklab};
  static constexpr Knob knobs[]{
      {"strength", 0.0f, 1.0f, 0.0f, "Darkening of all saturated colors."},
      {"blue", 0.0f, 1.0f, 0.0f, "Further darkening of blues, as for skies."},
  };

  template <class S>
  static Coeffs<S, 2> prepare(const S* knob) {
    return {{knob[0] * S(0.22f), knob[1] * S(0.22f)}};
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 2>& k) {
    V chroma = sqrt(c.g * c.g + c.b * c.b + V(1e-12f));
    // Cosine of the angle to blue, OKLab hue 255 degrees.
    V toward_blue = (c.g * V(-0.2588f) + c.b * V(-0.9659f)) / chroma;
    V saturated = smooth01((chroma - V(0.04f)) * V(1.0f / 0.20f));
    V blueness = smooth01((toward_blue - V(0.5f)) * V(2.5f)) * smooth01((chroma - V(0.02f)) * V(1.0f / 0.12f));
    return {c.r * (V(1.0f) - saturated * k[0] - blueness * k[1]), c.g, c.b};
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
