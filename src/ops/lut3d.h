// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// A 3D table from a file, interpolated in tetrahedra.
struct Lut3d {
  static constexpr Card card{"lut3d", "3D LUT", "Apply a .cube, .3dl or HaldCLUT file.", Space::encoded, "file"};
  static constexpr Knob knobs[]{
      {"amount", 0.0f, 1.5f, 0.0f, "Share of the table's effect.", 1, true, 1.0f},
  };

  template <class S>
  static Coeffs<S, 1> prepare(const S* knob) {
    return {{knob[0]}};
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>& at, const Coeffs<S, 1>& k) {
    return c + (table3(at.table, c) - c) * k[0];
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
