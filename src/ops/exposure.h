// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// Scales linear light, as a longer or shorter exposure would.
struct Exposure {
  static constexpr Card card{"exposure", "Exposure", "Brighten or darken as the shutter would.", Space::linear};
  static constexpr Knob knobs[]{
      {"stops", -5.0f, 5.0f, 0.0f, "Exposure in stops; +1 doubles the light."},
  };

  template <class S>
  static Coeffs<S, 1> prepare(const S* knob) {
    return {{exp2(knob[0])}};
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 1>& k) {
    return c * k[0];
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
