// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// Tints shadows and lights; pure black and pure white stay clean.
struct SplitTone {
  static constexpr Card card{"split_tone", "Split tone", "Tint shadows and lights.", Space::oklab};
  static constexpr Knob knobs[]{
      {"shadow_hue", 0.0f, 360.0f, 220.0f, "Hue of the shadows in OKLab degrees: 29 red, 110 yellow, 264 blue.", 1,
       false},
      {"shadow_strength", 0.0f, 1.0f, 0.0f, "Strength of the shadow tint."},
      {"light_hue", 0.0f, 360.0f, 70.0f, "Hue of the lights in OKLab degrees.", 1, false},
      {"light_strength", 0.0f, 1.0f, 0.0f, "Strength of the light tint."},
      {"balance", -1.0f, 1.0f, 0.0f, "Moves the border between the two; positive gives more to the lights.", 1, false},
  };

  template <class S>
  static Coeffs<S, 5> prepare(const S* knob) {
    const S turn = S(0.01745329252f), chroma = S(0.1f);
    return {{cos(knob[0] * turn) * knob[1] * chroma, sin(knob[0] * turn) * knob[1] * chroma,
             cos(knob[2] * turn) * knob[3] * chroma, sin(knob[2] * turn) * knob[3] * chroma, knob[4] * S(0.25f)}};
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 5>& k) {
    V light = smooth01((c.r + k[4] - V(0.2f)) * V(1.0f / 0.65f));
    V shadow = V(1.0f) - light;
    V clean = smooth01(c.r * V(3.0f)) * smooth01((V(1.0f) - c.r) * V(4.0f));
    return {c.r, c.g + (shadow * k[0] + light * k[2]) * clean, c.b + (shadow * k[1] + light * k[3]) * clean};
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
