// SPDX-License-Identifier: Apache-2.0
// The vocabulary of image operations. A header in this room defines one struct with
//   card, knobs[]                                what it says about itself
//   prepare<S>(knob values) -> Coeffs<S, N>      once per picture
// and, for a point operation (color and site in, color out),
//   apply<V, S>(color, site, coeffs) -> color
// or, for a canvas operation (a Gaussian blur of a width that may change from pixel to pixel),
//   sigma<V, S>(site, coeffs) -> V               width, in the units of Site
//   sigma_range<S>(coeffs) -> {low, high}        of the widths; low == high: the same everywhere
//   source<V, S>(color, site, coeffs) -> color   what is blurred
//   combine<V, S>(sharp, soft, site, coeffs)     the result, from the input and the blurred source
// No `if` on pixel values and no `std::` inside: the same text runs on every lane.
#pragma once

#include "lane/scalar.h"
#include "sfumato/catalog.h"

namespace sfumato {
inline namespace SFM_ISA {

template <class Op>
concept CanvasOp = requires {
  &Op::template sigma<float, float>;
};

// Whether the result depends on where a pixel is.
template <class Op>
concept LocalOp = CanvasOp<Op> || requires {
  requires Op::is_local;
};

// Whether knobs may vary from pixel to pixel: prepare() hands them on as they are.
template <class Op>
concept MappedOp = requires {
  requires Op::is_mapped;
};

template <class Op>
constexpr int value_count() {
  int n = 0;
  for (const Knob& k : Op::knobs) n += k.count;
  return n;
}

template <class Op, class S>
using CoeffsOf = decltype(Op::prepare(static_cast<const S*>(nullptr)));

}  // namespace SFM_ISA
}  // namespace sfumato
