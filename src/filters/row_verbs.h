// SPDX-License-Identifier: Apache-2.0
// What the row kernels need of a lane beyond the verbs of lane/.
#pragma once

#include <algorithm>

#include "filters/rows.h"
#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

// a * b + c
inline float multiply_add(float a, float b, float c) { return a * b + c; }
inline void load_pairs(const float* p, float& first, float& second) { first = p[0], second = p[1]; }
inline float pick(const float* table, float index) { return table[static_cast<int>(index)]; }
inline float lowest_lane(float v) { return v; }
inline float highest_lane(float v) { return v; }

// Four columns, beginning at x, of as many rows as a lane has; one lane is one row.
inline void load_columns(const float* const* rows, int x, float (&to)[4]) { std::copy_n(rows[0] + x, 4, to); }
inline void store_columns(const float (&from)[4], float* const* rows, int x) { std::copy_n(from, 4, rows[0] + x); }

// Picks for each lane the cell it begins at, from cells loaded at the register's first one.
template <class V>
struct CellsOfLanes {
  explicit CellsOfLanes(const Magnifier&) {}
  V load(const float* p) const { return V(*p); }
};

#ifndef SFM_PLAIN
HWY_INLINE Register multiply_add(Register a, Register b, Register c) { return hn::MulAdd(a.v, b.v, c.v); }
HWY_INLINE void load_pairs(const float* p, Register& first, Register& second) {
  hn::LoadInterleaved2(Floats(), p, first.v, second.v);
}
// table[index] for whole numbers.
HWY_INLINE Register pick(const float* table, Register index) { return hn::GatherIndex(Floats(), table, whole(index)); }
HWY_INLINE float lowest_lane(Register v) { return hn::GetLane(hn::MinOfLanes(Floats(), v.v)); }
HWY_INLINE float highest_lane(Register v) { return hn::GetLane(hn::MaxOfLanes(Floats(), v.v)); }

// Four columns of rows[0], rows[4], ...: a block of the register each.
template <class D>
HWY_INLINE hn::VFromD<D> load_blocks(D d, const float* const* rows, int x) {
  if constexpr (hn::MaxLanes(D()) <= 4) {
    return hn::LoadU(d, rows[0] + x);
  } else {
    const hn::Half<D> half;
    return hn::Combine(d, load_blocks(half, rows + hn::MaxLanes(D()) / 2, x), load_blocks(half, rows, x));
  }
}

template <class D>
HWY_INLINE void store_blocks(D d, hn::VFromD<D> v, float* const* rows, int x) {
  if constexpr (hn::MaxLanes(D()) <= 4) {
    hn::StoreU(v, d, rows[0] + x);
  } else {
    const hn::Half<D> half;
    store_blocks(half, hn::LowerHalf(half, v), rows, x);
    store_blocks(half, hn::UpperHalf(half, v), rows + hn::MaxLanes(D()) / 2, x);
  }
}

// Rows and columns of each block of 4 x 4 exchanged.
HWY_INLINE void transpose_blocks(Register (&r)[4]) {
  const Floats d;
  const hn::Repartition<double, Floats> pairs;
  const auto as_pairs = [&](auto v) HWY_ATTR { return hn::BitCast(pairs, v); };
  const auto a = as_pairs(hn::InterleaveLower(d, r[0].v, r[1].v)), b = as_pairs(hn::InterleaveUpper(d, r[0].v, r[1].v)),
             e = as_pairs(hn::InterleaveLower(d, r[2].v, r[3].v)), f = as_pairs(hn::InterleaveUpper(d, r[2].v, r[3].v));
  r[0] = hn::BitCast(d, hn::InterleaveLower(pairs, a, e)), r[1] = hn::BitCast(d, hn::InterleaveUpper(pairs, a, e));
  r[2] = hn::BitCast(d, hn::InterleaveLower(pairs, b, f)), r[3] = hn::BitCast(d, hn::InterleaveUpper(pairs, b, f));
}

HWY_INLINE void load_columns(const float* const* rows, int x, Register (&to)[4]) {
  for (int i = 0; i < 4; ++i) to[i] = load_blocks(Floats(), rows + i, x);
  transpose_blocks(to);
}
HWY_INLINE void store_columns(const Register (&from)[4], float* const* rows, int x) {
  Register r[4]{from[0], from[1], from[2], from[3]};
  transpose_blocks(r);
  for (int i = 0; i < 4; ++i) store_blocks(Floats(), r[i].v, rows + i, x);
}

template <>
struct CellsOfLanes<Register> {
  HWY_INLINE explicit CellsOfLanes(const Magnifier& m) {
    alignas(64) std::int32_t offset[HWY_MAX_BYTES / 4];
    for (int i = 0; i < lanes_of<Register>(); ++i) offset[i] = m.first_cell(i) - m.first_cell(0);
    index = hn::SetTableIndices(Floats(), offset);
  }
  HWY_INLINE Register load(const float* p) const { return hn::TableLookupLanes(hn::LoadU(Floats(), p), index); }
  decltype(hn::SetTableIndices(Floats(), static_cast<std::int32_t*>(nullptr))) index;
};
#endif

}  // namespace SFM_ISA
}  // namespace sfumato
