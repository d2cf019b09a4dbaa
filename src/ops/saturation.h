// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// Scales OKLab chroma; vibrance spares colors that are saturated already.
struct Saturation {
  static constexpr Card card{"saturation", "Saturation", "More or less colorful, hue and lightness kept.",
                             Space::oklab};
  static constexpr Knob knobs[]{
      {"amount", -1.0f, 1.0f, 0.0f, "Change of chroma; -1 is black and white."},
      {"vibrance", -1.0f, 1.0f, 0.0f, "Change of chroma where it is low."},
  };

  template <class S>
  static Coeffs<S, 2> prepare(const S* knob) {
    return {{knob[0] + S(1.0f), knob[1]}};
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 2>& k) {
    // Half the effect of vibrance is left at chroma 0.12, a quarter at 0.21.
    V muted = V(1.0f) / (V(1.0f) + (c.g * c.g + c.b * c.b) * V(69.4f));
    V gain = (muted * k[1] + V(1.0f)) * k[0];
    return {c.r, c.g * gain, c.b * gain};
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
