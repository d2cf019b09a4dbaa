// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// A tilted lens' plane of focus: a sharp band, and blur that grows on both sides of it.
struct TiltShift {
  static constexpr Card card{"tilt_shift", "Tilt-shift", "Keep a band sharp and blur away from it.", Space::linear};
  static constexpr Knob knobs[]{
      {"sigma", 0.0f, 20.0f, 0.0f, "Standard deviation of the full blur in thousandths of the diagonal.", 1, true,
       4.0f},
      {"center_x", 0.0f, 1.0f, 0.5f, "A point of the band's middle line as a share of the width.", 1, false},
      {"center_y", 0.0f, 1.0f, 0.55f, "The same point as a share of the height.", 1, false},
      {"width", 0.0f, 1.0f, 0.15f, "Width of the sharp band as a share of the height.", 1, false},
      {"falloff", 0.02f, 1.0f, 0.3f, "Distance from the band to full blur as a share of the height.", 1, false},
      {"angle", -90.0f, 90.0f, 0.0f, "Turn of the band in degrees, counterclockwise.", 1, false},
  };

  template <class S>
  static Coeffs<S, 7> prepare(const S* knob) {
    const S turn = knob[5] * S(0.01745329252f);
    return {{knob[0] * S(0.002f), knob[1] * S(2.0f) - S(1.0f), knob[2] * S(2.0f) - S(1.0f), knob[3], S(0.5f) / knob[4],
             cos(turn), sin(turn)}};
  }

  template <class S>
  static Coeffs<S, 2> sigma_range(const Coeffs<S, 7>& k) {
    return {{S(0.0f), k[0]}};
  }

  template <class V, class S>
  static V sigma(const Site<V>& at, const Coeffs<S, 7>& k) {
    V x = at.x - at.half_width * k[1], y = at.y - at.half_height * k[2];
    V away = abs(y * k[5] + x * k[6]) / at.half_height;
    return smooth01((away - k[3]) * k[4]) * k[0];
  }

  template <class V, class S>
  static Rgb<V> source(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 7>&) {
    return c;
  }

  template <class V, class S>
  static Rgb<V> combine(const Rgb<V>&, const Rgb<V>& soft, const Site<V>&, const Coeffs<S, 7>&) {
    return soft;
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
