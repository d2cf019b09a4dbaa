// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// Vivid colors have channels below zero, which displays cut off: gradation is lost with a visible edge. Here a channel
// that is small beside the largest nears zero without reaching it, as the dyes of a film do.
struct Gamut {
  static constexpr Card card{"gamut", "Gamut", "Keep gradation in colors too vivid for the display.", Space::linear};
  static constexpr Knob knobs[]{
      {"softness", 0.0f, 1.0f, 0.0f, "Strength; at 1 no color is cut off."},
      {"reach", 0.01f, 0.3f, 0.05f, "Share of the largest channel below which others are held.", 1, false},
  };

  template <class S>
  static Coeffs<S, 2> prepare(const S* knob) {
    return {{knob[0], knob[1]}};
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 2>& k) {
    V knee = max(max(max(c.r, c.g), c.b), V(0.0f)) * k[1];
    return {held(c.r, knee, k[0]), held(c.g, knee, k[0]), held(c.b, knee, k[0])};
  }

 private:
  // A hyperbola below the knee, of the same slope there.
  template <class V, class S>
  static V held(const V& v, const V& knee, const S& softness) {
    return select(v < knee, v + (knee * knee / (knee + knee - v) - v) * softness, v);
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
