// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// L, a, b each as a quadratic polynomial of L, a, b: the 3x10 transform of [Yan2016].
struct QuadraticLab {
  static constexpr Card card{"quadratic_lab", "Quadratic Lab", "A polynomial of degree two in CIE L*a*b*.", Space::lab};
  static constexpr bool is_mapped = true;
  static constexpr Knob knobs[]{
      {"light", -2.0f, 2.0f, 0.0f,
       "L from LL, aa, bb, La, Lb, ab, L, a, b, 1, added to the identity; L/100, a/128, b/128.", 10},
      {"green_red", -2.0f, 2.0f, 0.0f, "a from the same ten, added to the identity.", 10},
      {"blue_yellow", -2.0f, 2.0f, 0.0f, "b from the same ten, added to the identity.", 10},
  };

  template <class S>
  static Coeffs<S, 30> prepare(const S* knob) {
    Coeffs<S, 30> k;
    for (int i = 0; i < 30; ++i) k[i] = knob[i];
    return k;
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 30>& k) {
    const V basis[9]{c.r * c.r, c.g * c.g, c.b * c.b, c.r * c.g, c.r * c.b, c.g * c.b, c.r, c.g, c.b};
    auto row = [&](const S* m) {
      V sum = V(m[9]);
      for (int i = 0; i < 9; ++i) sum = sum + basis[i] * m[i];
      return sum;
    };
    return {c.r + row(k.v), c.g + row(k.v + 10), c.b + row(k.v + 20)};
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
