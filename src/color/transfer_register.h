// SPDX-License-Identifier: Apache-2.0
// The sRGB curve on registers. Where nearly all pixels are, polynomials fitted to the formulae of transfer.h: decoding
// 0..1 (largest error 6e-7), encoding 0..8, three stops over white (6e-7). A register with a value beyond takes the
// formula.
#pragma once

#include "color/transfer.h"
#include "lane/register.h"

namespace sfumato {
inline namespace SFM_ISA {

HWY_INLINE Register srgb_decode(const Register& encoded) {
  const Register a = abs(encoded);
  Register curve = detail::horner(a, 0.000852608588f, 0.0353846624f, 0.484085321f, 0.871666849f, -0.899898112f,
                                  1.01700461f, -0.812802911f, 0.382022887f, -0.0783165172f);
  curve = select(a < Register(0.04045f), a * Register(1.0f / 12.92f), curve);
  const Mask beyond = Register(1.0f) < a;
  if (HWY_UNLIKELY(!hn::AllFalse(Floats(), beyond.m))) curve = select(beyond, srgb_decode<Register>(a), curve);
  return hn::CopySign(curve.v, encoded.v);
}

HWY_INLINE Register srgb_encode(const Register& linear) {
  const Register a = abs(linear);
  Register curve = detail::horner(sqrt(sqrt(a)), -0.0584725551f, 0.123283707f, 1.46899843f, -1.20673382f, 1.38096189f,
                                  -1.22786045f, 0.763810933f, -0.309293777f, 0.0728590935f, -0.00755331339f);
  curve = select(a < Register(0.0031308f), a * Register(12.92f), curve);
  const Mask beyond = Register(8.0f) < a;
  if (HWY_UNLIKELY(!hn::AllFalse(Floats(), beyond.m))) curve = select(beyond, srgb_encode<Register>(a), curve);
  return hn::CopySign(curve.v, linear.v);
}

}  // namespace SFM_ISA
}  // namespace sfumato
