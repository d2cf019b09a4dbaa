// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// Radial gain in stops: none up to the midpoint, smooth to the corner.
struct Vignette {
  static constexpr Card card{"vignette", "Vignette", "Darken or lighten the corners.", Space::linear};
  static constexpr bool is_local = true;
  static constexpr Knob knobs[]{
      {"amount", -3.0f, 3.0f, 0.0f, "Gain at the corner in stops; negative is darker."},
      {"midpoint", 0.0f, 0.9f, 0.3f, "Radius where it begins; the corner is 1.", 1, false},
      {"center_x", 0.0f, 1.0f, 0.5f, "Center as a share of the width.", 1, false},
      {"center_y", 0.0f, 1.0f, 0.5f, "Center as a share of the height.", 1, false},
      {"roundness", 0.0f, 1.0f, 1.0f, "1: a circle; 0: an ellipse of the picture's proportions.", 1, false},
  };

  template <class S>
  static Coeffs<S, 7> prepare(const S* knob) {
    constexpr float root_half = 0.70710678f;
    return {{knob[0], knob[1], S(1.0f) / (S(1.0f) - knob[1]), knob[2] * S(2.0f) - S(1.0f), knob[3] * S(2.0f) - S(1.0f),
             knob[4], (S(1.0f) - knob[4]) * S(root_half)}};
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>& at, const Coeffs<S, 7>& k) {
    // The ellipse is a circle in halves of the sides; corners stay where they are.
    V across = V(1.0f) / at.half_width * k[6] + k[5], down = V(1.0f) / at.half_height * k[6] + k[5];
    V x = (at.x - at.half_width * k[3]) * across, y = (at.y - at.half_height * k[4]) * down;
    V radius = sqrt(x * x + y * y);
    return c * exp2(smooth01((radius - k[1]) * k[2]) * k[0]);
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
