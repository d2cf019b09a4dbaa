// SPDX-License-Identifier: Apache-2.0
// The fast lane: one Highway register. Included only by the kernels, which are compiled once per instruction set.
#pragma once

#define HWY_COMPILE_ONLY_STATIC
#include <hwy/highway.h>

#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::ScalableTag<float>;
using Ints = hn::ScalableTag<std::int32_t>;
using Words = hn::ScalableTag<std::uint32_t>;

struct Mask {
  hn::MFromD<Floats> m;
};

struct Register {
  hn::VFromD<Floats> v;

  HWY_INLINE Register() = default;
  HWY_INLINE Register(hn::VFromD<Floats> value) : v(value) {}
  HWY_INLINE Register(float value) : v(hn::Set(Floats(), value)) {}

  friend HWY_INLINE Register operator+(Register a, Register b) { return hn::Add(a.v, b.v); }
  friend HWY_INLINE Register operator-(Register a, Register b) { return hn::Sub(a.v, b.v); }
  friend HWY_INLINE Register operator*(Register a, Register b) { return hn::Mul(a.v, b.v); }
  friend HWY_INLINE Register operator/(Register a, Register b) { return hn::Div(a.v, b.v); }
  friend HWY_INLINE Mask operator<(Register a, Register b) { return {hn::Lt(a.v, b.v)}; }
};

HWY_INLINE Register min(Register a, Register b) { return hn::Min(a.v, b.v); }
HWY_INLINE Register max(Register a, Register b) { return hn::Max(a.v, b.v); }
HWY_INLINE Register abs(Register a) { return hn::Abs(a.v); }
HWY_INLINE Register floor(Register a) { return hn::Floor(a.v); }
HWY_INLINE Register sqrt(Register a) { return hn::Sqrt(a.v); }
HWY_INLINE Register select(Mask m, Register yes, Register no) { return hn::IfThenElse(m.m, yes.v, no.v); }

// Toward zero, for values within the range of the whole numbers: Highway's own also mends those beyond, at five times
// the cost.
HWY_INLINE hn::VFromD<Ints> whole(Register a) {
#if !HWY_ARCH_X86
  return hn::ConvertTo(Ints(), a.v);
#elif HWY_MAX_BYTES >= 64
  return {_mm512_cvttps_epi32(a.v.raw)};
#elif HWY_MAX_BYTES >= 32
  return {_mm256_cvttps_epi32(a.v.raw)};
#else
  return {_mm_cvttps_epi32(a.v.raw)};
#endif
}

namespace detail {

HWY_INLINE Register horner(Register x, float c) {
  (void)x;
  return c;
}
template <class... Rest>
HWY_INLINE Register horner(Register x, float c, Rest... rest) {
  return horner(x, rest...) * x + Register(c);
}

}  // namespace detail

// Relative error below 2e-7; exact at whole numbers. Arguments are clamped to the normal floats.
HWY_INLINE Register exp2(Register a) {
  a = min(max(a, Register(-126.0f)), Register(127.0f));
  const Register nearest = hn::Round(a.v);
  const Register f = a - nearest;
  Register p = f * detail::horner(f, 0.6931471824645996f, 0.24022650718688965f, 0.055503301322460175f,
                                  0.009618005715310574f, 0.0013399614254012704f, 0.00015475900727324188f) +
               Register(1.0f);
  auto exponent = hn::ShiftLeft<23>(whole(nearest));
  return hn::BitCast(Floats(), hn::Add(hn::BitCast(Ints(), p.v), exponent));
}

// Absolute error below 6e-8 of the mantissa's share; exact at 1. For normal positive numbers.
HWY_INLINE Register log2(Register a) {
  const Ints di;
  auto bits = hn::BitCast(di, a.v);
  // Split around sqrt(1/2) so that the mantissa is in [0.707, 1.414).
  auto shifted = hn::Sub(bits, hn::Set(di, 0x3f3504f3));
  auto exponent = hn::ShiftRight<23>(shifted);
  auto mantissa = hn::BitCast(Floats(), hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
  Register t = Register(mantissa) - Register(1.0f);
  Register p = detail::horner(t, 1.4426947832107544f, -0.7213566303253174f, 0.48093846440315247f, -0.3601038157939911f,
                              0.28672733902931213f, -0.2499236911535263f, 0.23674611747264862f, -0.14599063992500305f);
  return t * p + Register(hn::ConvertTo(Floats(), exponent));
}

// Relative error below 3e-7. The inverse root from the exponent's third, then two cubic steps; no division.
HWY_INLINE Register cube_root(const Register& v) {
  const Ints di;
  const Register x = abs(v);
  auto third =
      Register(hn::ConvertTo(Floats(), hn::BitCast(di, x.v))) * Register(-1.0f / 3.0f) + Register(1419910000.0f);
  Register r = hn::BitCast(Floats(), whole(third));
  for (int i = 0; i < 2; ++i) {
    Register h = Register(1.0f) - x * r * r * r;
    r = r + r * h * (Register(1.0f / 3.0f) + h * Register(2.0f / 9.0f));
  }
  return hn::CopySign((x * r * r).v, v.v);
}

// Absolute error below 1e-6 rad; 0 at the origin.
HWY_INLINE Register atan2(Register y, Register x) {
  Register ax = abs(x), ay = abs(y);
  Register t = min(ax, ay) / max(max(ax, ay), Register(1e-30f));
  Register u = t * t;
  Register u2 = u * u;
  Register low = (Register(0.999996112f) + u * Register(-0.333173680f)) +
                 u2 * (Register(0.198078150f) + u * Register(-0.132333399f));
  Register high = (Register(0.079623632f) + u * Register(-0.033604186f)) + u2 * Register(0.006811782f);
  Register a = t * (low + u2 * u2 * high);
  a = select(ax < ay, Register(1.57079632679f) - a, a);
  a = select(x < Register(0.0f), Register(3.14159265359f) - a, a);
  return hn::CopySign(a.v, y.v);
}

template <class V>
constexpr int lanes_of() {
  return HWY_MAX_BYTES / 4;
}
template <class V>
HWY_INLINE V load(const float* p) {
  return hn::LoadU(Floats(), p);
}
HWY_INLINE void store(Register v, float* p) { hn::StoreU(v.v, Floats(), p); }
// start, start + 1, ...
template <class V>
HWY_INLINE V first_lanes(float start) {
  return hn::Add(hn::Iota(Floats(), 0.0f), hn::Set(Floats(), start));
}

}  // namespace SFM_ISA
}  // namespace sfumato
