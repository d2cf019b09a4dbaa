// SPDX-License-Identifier: Apache-2.0
// What the row kernels need of a lane beyond the verbs of lane/.
#pragma once

#include "filters/rows.h"
#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

// a * b + c
inline float multiply_add(float a, float b, float c) { return a * b + c; }
inline void load_pairs(const float* p, float& first, float& second) { first = p[0], second = p[1]; }
inline float lowest_lane(float v) { return v; }
inline float highest_lane(float v) { return v; }

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
HWY_INLINE float lowest_lane(Register v) { return hn::GetLane(hn::MinOfLanes(Floats(), v.v)); }
HWY_INLINE float highest_lane(Register v) { return hn::GetLane(hn::MaxOfLanes(Floats(), v.v)); }

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
