// SPDX-License-Identifier: Apache-2.0
// The fast lane: one Highway register. Included only by the kernels, which are compiled once per instruction set.
#pragma once

#define HWY_COMPILE_ONLY_STATIC
#include <hwy/highway.h>

#include "lane/cube.h"
#include "lane/hash.h"
#include "lane/pixel.h"

namespace sfumato { inline namespace SFM_ISA {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::ScalableTag<float>;
using Ints = hn::ScalableTag<std::int32_t>;
using Words = hn::ScalableTag<std::uint32_t>;

struct Mask { hn::MFromD<Floats> m; };

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

namespace detail {

HWY_INLINE Register horner(Register x, float c) { (void)x; return c; }
template <class... Rest>
HWY_INLINE Register horner(Register x, float c, Rest... rest) { return horner(x, rest...) * x + Register(c); }

}  // namespace detail

// Relative error below 2e-7; exact at whole numbers. Arguments are clamped to the normal floats.
HWY_INLINE Register exp2(Register a) {
  a = min(max(a, Register(-126.0f)), Register(127.0f));
  auto whole = hn::Round(a.v);
  Register f = hn::Sub(a.v, whole);
  Register p = f * detail::horner(f, 0.6931471824645996f, 0.24022650718688965f, 0.055503301322460175f,
                                  0.009618005715310574f, 0.0013399614254012704f, 0.00015475900727324188f) +
               Register(1.0f);
  auto exponent = hn::ShiftLeft<23>(hn::ConvertTo(Ints(), whole));
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
  Register p = detail::horner(t, 1.4426947832107544f, -0.7213566303253174f, 0.48093846440315247f,
                              -0.3601038157939911f, 0.28672733902931213f, -0.2499236911535263f,
                              0.23674611747264862f, -0.14599063992500305f);
  return t * p + Register(hn::ConvertTo(Floats(), exponent));
}

// Relative error below 3e-7. The inverse root from the exponent's third, then two cubic steps; no division.
HWY_INLINE Register cube_root(const Register& v) {
  const Ints di;
  const Register x = abs(v);
  auto third = Register(hn::ConvertTo(Floats(), hn::BitCast(di, x.v))) * Register(-1.0f / 3.0f) + Register(1419910000.0f);
  Register r = hn::BitCast(Floats(), hn::NearestInt(third.v));
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
  Register a = t * detail::horner(u, 0.9999994039535522f, -0.33330079913139343f, 0.19948577880859375f,
                                  -0.13917270302772522f, 0.09661814570426941f, -0.05615521967411041f,
                                  0.02201797254383564f, -0.004094476345926523f);
  a = select(ax < ay, Register(1.57079632679f) - a, a);
  a = select(x < Register(0.0f), Register(3.14159265359f) - a, a);
  return select(y < Register(0.0f), Register(0.0f) - a, a);
}

HWY_INLINE Register pick8(const float* eight, Register index) {
  const Ints di;
  auto i = hn::ConvertTo(di, clamp(index, Register(0.0f), Register(7.0f)).v);
#if HWY_MAX_BYTES >= 32
  const hn::CappedTag<float, 8> d8;
#if HWY_MAX_BYTES >= 64
  auto table = hn::ZeroExtendVector(Floats(), hn::LoadU(d8, eight));
#else
  auto table = hn::LoadU(d8, eight);
#endif
  return hn::TableLookupLanes(table, hn::IndicesFromVec(Floats(), i));
#else
  auto is_high = hn::RebindMask(Floats(), hn::Gt(i, hn::Set(di, 3)));
  auto indices = hn::IndicesFromVec(Floats(), hn::And(i, hn::Set(di, 3)));
  auto low = hn::TableLookupLanes(hn::LoadU(Floats(), eight), indices);
  auto high = hn::TableLookupLanes(hn::LoadU(Floats(), eight + 4), indices);
  return hn::IfThenElse(is_high, high, low);
#endif
}

// The rounds of hash.h on a sum of strides.
HWY_INLINE hn::VFromD<Words> mix_bits(hn::VFromD<Words> h) {
  const Words d;
  h = hn::Mul(hn::Xor(h, hn::ShiftRight<HashConstants::first_shift>(h)), hn::Set(d, HashConstants::multiplier));
  return hn::Xor(h, hn::ShiftRight<HashConstants::last_shift>(h));
}

HWY_INLINE NoiseCell<Register> noise_cell(std::uint32_t seed, Register x, Register y) {
  const Words d;
  auto whole = [&](Register v) { return hn::BitCast(d, hn::NearestInt(v.v)); };
  auto start = hn::Add(hn::Add(hn::Mul(whole(x), hn::Set(d, HashConstants::x)), hn::Mul(whole(y), hn::Set(d, HashConstants::y))),
                       hn::Set(d, seed));
  auto corner = [&](std::uint32_t stride) {
    auto h = mix_bits(hn::Add(start, hn::Set(d, stride)));
    const auto one = hn::Set(d, 0x3f800000u), fraction = hn::Set(d, 0x007fffffu);
    return NoiseCell<Register>::Pair{Register(hn::BitCast(Floats(), hn::Or(hn::ShiftRight<9>(h), one))),
                                     Register(hn::BitCast(Floats(), hn::Or(hn::And(h, fraction), one)))};
  };
  return {corner(0), corner(HashConstants::x), corner(HashConstants::y), corner(HashConstants::x + HashConstants::y)};
}

namespace detail {

// The nodes of a register's worth of pixels, four floats each: 1, 2 or 4 pixels.
HWY_INLINE hn::VFromD<Floats> corners(const float* nodes, const std::int32_t* at) {
  const hn::Full128<float> d4;
#if HWY_MAX_BYTES >= 64
  const hn::Full256<float> d8;
  return hn::Combine(Floats(), hn::Combine(d8, hn::LoadU(d4, nodes + at[3]), hn::LoadU(d4, nodes + at[2])),
                     hn::Combine(d8, hn::LoadU(d4, nodes + at[1]), hn::LoadU(d4, nodes + at[0])));
#elif HWY_MAX_BYTES >= 32
  return hn::Combine(Floats(), hn::LoadU(d4, nodes + at[1]), hn::LoadU(d4, nodes + at[0]));
#else
  return hn::LoadU(d4, nodes + at[0]);
#endif
}

}  // namespace detail

// Tetrahedral interpolation. Indices and weights are computed in registers; the nodes are fetched one 128-bit
// load each, which beats twelve gathers on every processor measured.
HWY_INLINE Rgb<Register> table3(const void* table, const Rgb<Register>& c) {
  const auto& t = *static_cast<const CubeTable*>(table);
  constexpr int n = HWY_MAX_BYTES / 4;
  const Register top(static_cast<float>(t.size - 1)), last(static_cast<float>(t.size - 2)), zero(0.0f);
  auto place = [&](Register v, int axis, Register& whole) {
    if (HWY_UNLIKELY(t.has_shaper())) {
      alignas(64) float values[n];
      hn::Store(v.v, Floats(), values);
      for (float& x : values) x = t.shape(axis, x);
      v = hn::Load(Floats(), values);
    }
    Register p = clamp((v - Register(t.low[axis])) * Register(t.scale[axis]), zero, top);
    whole = min(floor(p), last);
    return p - whole;
  };
  Register ir, ig, ib;
  Register fr = place(c.r, 0, ir), fg = place(c.g, 1, ig), fb = place(c.b, 2, ib);

  // Sort the fractions; the steps to the two middle corners follow from which axis is largest and smallest.
  const float s0 = 4.0f, s1 = 4.0f * t.size, s2 = s1 * t.size;
  Register hi = max(max(fr, fg), fb), lo = min(min(fr, fg), fb);
  Register mid = max(min(fr, fg), min(max(fr, fg), fb));
  Register step_hi = select(fr < hi, select(fg < hi, Register(s2), Register(s1)), Register(s0));
  Register step_lo = select(lo < fb, select(lo < fg, Register(s0), Register(s1)), Register(s2));
  Register base = ir * Register(s0) + ig * Register(s1) + ib * Register(s2);

  // The four corners' offsets go through memory, their weights through a permutation per group of pixels.
  alignas(64) std::int32_t at0[n], at1[n], at2[n];
  alignas(64) float out[4 * n];
  const Ints di;
  const Floats df;
  const Register all(s0 + s1 + s2);
  hn::Store(hn::NearestInt(base.v), di, at0);
  hn::Store(hn::NearestInt((base + step_hi).v), di, at1);
  hn::Store(hn::NearestInt((base + all - step_lo).v), di, at2);
  const Register w0 = Register(1.0f) - hi, w1 = hi - mid, w2 = mid - lo;
  const float* nodes = t.nodes.data();
  const float* opposite = nodes + static_cast<int>(s0 + s1 + s2);
  constexpr int group = n / 4;
  for (int g = 0; g < 4; ++g) {
    const int i = g * group;
    auto spread = hn::IndicesFromVec(df, hn::Add(hn::ShiftRight<2>(hn::Iota(di, 0)), hn::Set(di, i)));
    auto sum = hn::Mul(detail::corners(nodes, at0 + i), hn::TableLookupLanes(w0.v, spread));
    sum = hn::MulAdd(detail::corners(nodes, at1 + i), hn::TableLookupLanes(w1.v, spread), sum);
    sum = hn::MulAdd(detail::corners(nodes, at2 + i), hn::TableLookupLanes(w2.v, spread), sum);
    sum = hn::MulAdd(detail::corners(opposite, at0 + i), hn::TableLookupLanes(lo.v, spread), sum);
    hn::Store(sum, df, out + 4 * i);
  }
  Rgb<Register> result;
  hn::VFromD<Floats> unused;
  hn::LoadInterleaved4(df, out, result.r.v, result.g.v, result.b.v, unused);
  return result;
}

template <class V>
constexpr int lanes_of() { return HWY_MAX_BYTES / 4; }
template <class V>
HWY_INLINE V load(const float* p) { return hn::LoadU(Floats(), p); }
HWY_INLINE void store(Register v, float* p) { hn::StoreU(v.v, Floats(), p); }
// start, start + 1, ...
template <class V>
HWY_INLINE V first_lanes(float start) { return hn::Add(hn::Iota(Floats(), 0.0f), hn::Set(Floats(), start)); }

}}  // namespace sfumato
