// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// Light that passes the emulsion, bounces off the film base and exposes the red layer around highlights.
struct Halation {
  static constexpr Card card{"halation", "Halation", "A warm glow around bright edges.", Space::linear};
  static constexpr Knob knobs[]{
      {"amount", 0.0f, 2.0f, 0.0f, "Strength of the glow."},
      {"radius", 0.5f, 20.0f, 5.0f, "Standard deviation of the glow in thousandths of the diagonal.", 1, false},
      {"threshold", 0.0f, 1.0f, 0.5f, "Linear light where highlights begin.", 1, false},
  };

  template <class S>
  static Coeffs<S, 3> prepare(const S* knob) {
    return {{knob[0], knob[1] * S(0.002f), knob[2]}};
  }

  template <class S>
  static Coeffs<S, 2> sigma_range(const Coeffs<S, 3>& k) {
    return {{k[1], k[1]}};
  }

  template <class V, class S>
  static V sigma(const Site<V>&, const Coeffs<S, 3>& k) {
    return V(k[1]);
  }

  template <class V, class S>
  static Rgb<V> source(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 3>& k) {
    V brightest = max(max(c.r, c.g), c.b);
    return c * smooth01((brightest - k[2]) * V(2.0f));
  }

  template <class V, class S>
  static Rgb<V> combine(const Rgb<V>& sharp, const Rgb<V>& soft, const Site<V>& at, const Coeffs<S, 3>& k) {
    // Inside a bright area the bounce is part of the exposure already; only what spills over shows.
    Rgb<V> own = source(sharp, at, k);
    auto spill = [](const V& s, const V& o) { return max(s - o, V(0.0f)); };
    return {sharp.r + spill(soft.r, own.r) * k[0], sharp.g + spill(soft.g, own.g) * V(0.30f) * k[0],
            sharp.b + spill(soft.b, own.b) * V(0.08f) * k[0]};
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
