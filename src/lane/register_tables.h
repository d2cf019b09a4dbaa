// SPDX-License-Identifier: Apache-2.0
// Noise, and tables of eight and of three dimensions, on registers.
#pragma once

#include <type_traits>

#include "lane/cube.h"
#include "lane/hash.h"
#include "lane/register.h"

namespace sfumato {
inline namespace SFM_ISA {

HWY_INLINE Register pick8(const float* eight, Register index) {
  auto i = whole(index);
#if HWY_MAX_BYTES >= 32
  const hn::CappedTag<float, 8> d8;
#if HWY_MAX_BYTES >= 64
  auto table = hn::ZeroExtendVector(Floats(), hn::LoadU(d8, eight));
#else
  auto table = hn::LoadU(d8, eight);
#endif
  return hn::TableLookupLanes(table, hn::IndicesFromVec(Floats(), i));
#else
  const Ints di;
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

HWY_INLINE NoiseTriangle<Register> noise_triangle(std::uint32_t seed, Register x, Register y, Mask x_first) {
  const Words d;
  auto word = [&](Register v) { return hn::BitCast(d, whole(v)); };
  auto start =
      hn::Add(hn::Add(hn::Mul(word(x), hn::Set(d, HashConstants::x)), hn::Mul(word(y), hn::Set(d, HashConstants::y))),
              hn::Set(d, seed));
  auto corner = [&](hn::VFromD<Words> stride) {
    const auto h = mix_bits(hn::Add(start, stride));
    auto number = [](hn::VFromD<Words> bits) { return Register(hn::ConvertTo(Floats(), hn::BitCast(Ints(), bits))); };
    return NoiseTriangle<Register>::Corner{number(h), number(hn::ShiftLeft<11>(h)), number(hn::ShiftLeft<22>(h))};
  };
  const auto along_x = hn::Set(d, HashConstants::x), along_y = hn::Set(d, HashConstants::y);
  return {corner(hn::Zero(d)), corner(hn::IfThenElse(hn::RebindMask(d, x_first.m), along_x, along_y)),
          corner(hn::Add(along_x, along_y))};
}

namespace detail {

// The node of one pixel in each 128-bit block, four floats each: of pixels 0, 4, 8 and 12 from `at` on.
HWY_INLINE Register node_in_each_block(const float* nodes, const std::uint32_t* at) {
  const hn::Full128<float> d4;
#if HWY_MAX_BYTES >= 64
  const hn::Full256<float> d8;
  return hn::Combine(Floats(), hn::Combine(d8, hn::LoadU(d4, nodes + at[12]), hn::LoadU(d4, nodes + at[8])),
                     hn::Combine(d8, hn::LoadU(d4, nodes + at[4]), hn::LoadU(d4, nodes + at[0])));
#elif HWY_MAX_BYTES >= 32
  return hn::Combine(Floats(), hn::LoadU(d4, nodes + at[4]), hn::LoadU(d4, nodes + at[0]));
#else
  return hn::LoadU(d4, nodes + at[0]);
#endif
}

// Within each block: four pixels of four channels to the first three channels of four pixels.
HWY_INLINE Rgb<Register> transposed(const Register (&p)[4]) {
  const Floats d;
  const auto rg02 = hn::InterleaveLower(d, p[0].v, p[2].v), rg13 = hn::InterleaveLower(d, p[1].v, p[3].v);
  const auto b02 = hn::InterleaveUpper(d, p[0].v, p[2].v), b13 = hn::InterleaveUpper(d, p[1].v, p[3].v);
  return {hn::InterleaveLower(d, rg02, rg13), hn::InterleaveUpper(d, rg02, rg13), hn::InterleaveLower(d, b02, b13)};
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

  // The four corners' offsets go through memory. Each sum below holds one pixel per 128-bit block.
  alignas(64) std::uint32_t at0[n], at1[n], at2[n];
  const Words dw;
  const Register all(s0 + s1 + s2);
  hn::Store(hn::BitCast(dw, whole(base)), dw, at0);
  hn::Store(hn::BitCast(dw, whole(base + step_hi)), dw, at1);
  hn::Store(hn::BitCast(dw, whole(base + all - step_lo)), dw, at2);
#if defined(__GNUC__) && HWY_MAX_BYTES < 64
  __asm__("" : "+m"(at0), "+m"(at1), "+m"(at2));  // else GCC takes them out of the register one by one, which is slower
#endif
  const Register w0 = Register(1.0f) - hi, w1 = hi - mid, w2 = mid - lo;
  const float* nodes = t.nodes.data();
  const float* opposite = nodes + static_cast<int>(s0 + s1 + s2);
  auto sum = [&]<int i>(std::integral_constant<int, i>) {
    auto weight = [](Register w) { return Register(hn::Broadcast<i>(w.v)); };
    return detail::node_in_each_block(nodes, at0 + i) * weight(w0) +
           detail::node_in_each_block(nodes, at1 + i) * weight(w1) +
           detail::node_in_each_block(nodes, at2 + i) * weight(w2) +
           detail::node_in_each_block(opposite, at0 + i) * weight(lo);
  };
  return detail::transposed({sum(std::integral_constant<int, 0>()), sum(std::integral_constant<int, 1>()),
                             sum(std::integral_constant<int, 2>()), sum(std::integral_constant<int, 3>())});
}

}  // namespace SFM_ISA
}  // namespace sfumato
