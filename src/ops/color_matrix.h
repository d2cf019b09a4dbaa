// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// Each output channel as a mixture of the input channels, in linear light.
struct ColorMatrix {
  static constexpr Card card{"color_matrix", "Color matrix", "Mix the color channels.", Space::linear};
  static constexpr Knob knobs[]{
      {"red", -2.0f, 2.0f, 0.0f, "Shares of red, green, blue in the red output, added to (1, 0, 0).", 3},
      {"green", -2.0f, 2.0f, 0.0f, "Shares of red, green, blue in the green output, added to (0, 1, 0).", 3},
      {"blue", -2.0f, 2.0f, 0.0f, "Shares of red, green, blue in the blue output, added to (0, 0, 1).", 3},
  };

  template <class S>
  static Coeffs<S, 9> prepare(const S* knob) {
    Coeffs<S, 9> m;
    for (int i = 0; i < 9; ++i) m[i] = knob[i] + S(i % 4 == 0 ? 1.0f : 0.0f);
    return m;
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 9>& k) {
    return times(k, c);
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
