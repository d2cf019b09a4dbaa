// SPDX-License-Identifier: Apache-2.0
// Compiled once per instruction set; see cmake/kernels.cmake.
#include "render/kernels.h"

#include "color/profile_map.h"
#include "color/space.h"
#include "lane/fastest.h"
#include "lane/isa.h"
#include "lane/mask_plane.h"
#ifndef SFM_PLAIN
#include "color/transfer_register.h"
#endif
#include "ops_list.h"
#include "render/pack_rows.h"

namespace sfumato {
inline namespace SFM_ISA {

constexpr int step = lanes_of<Lane>();

// A kernel is one loop: a call per register would pass colors through memory.
#define SFM_KERNEL [[gnu::flatten]]

inline Rgb<Lane> load_rgb(const Strip& s, int i) {
  return {load<Lane>(s.channel[0] + i), load<Lane>(s.channel[1] + i), load<Lane>(s.channel[2] + i)};
}
inline void store_rgb(const Rgb<Lane>& c, const Strip& s, int i) {
  store(c.r, s.channel[0] + i);
  store(c.g, s.channel[1] + i);
  store(c.b, s.channel[2] + i);
}

// Calls body(i, site) for each register of a strip.
template <class Body>
inline void for_sites(int n, const Place& place, const void* table, const Body& body) {
  const float w = static_cast<float>(place.width), h = static_cast<float>(place.height);
  const float unit = 2.0f / __builtin_sqrtf(w * w + h * h);
  Site<Lane> at;
  at.y = Lane((static_cast<float>(place.y) + 0.5f - 0.5f * h) * unit);
  at.half_width = Lane(0.5f * w * unit);
  at.half_height = Lane(0.5f * h * unit);
  at.pixel = Lane(unit);
  at.table = table;
  for (int i = 0; i < n; i += step) {
    at.x = (first_lanes<Lane>(static_cast<float>(place.x + i)) + Lane(0.5f - 0.5f * w)) * Lane(unit);
    body(i, at);
  }
}

// A copy of the coefficients stays in registers: a store to a strip might change what a reference names.
template <class Op>
CoeffsOf<Op, float> coeffs_of(const float* p) {
  return *reinterpret_cast<const CoeffsOf<Op, float>*>(p);
}

template <class Op>
SFM_KERNEL void run_point(const Strip& strip, int n, const Place& place, const float* coeffs, const CubeTable* table) {
  const auto k = coeffs_of<Op>(coeffs);
  const Strip s = strip;
  for_sites(n, place, table, [&](int i, const Site<Lane>& at) {
    if constexpr (CanvasOp<Op>)
      store_rgb(Op::source(load_rgb(s, i), at, k), s, i);
    else
      store_rgb(Op::apply(load_rgb(s, i), at, k), s, i);
  });
}

template <class Op>
SFM_KERNEL void run_mapped(const Strip& strip, int n, const Place& place, const float* coeffs,
                           const float* const* offsets) {
  const Strip s = strip;
  for_sites(n, place, nullptr, [&](int i, const Site<Lane>& at) {
    CoeffsOf<Op, Lane> k;
    for (int c = 0; c < k.size; ++c) k[c] = Lane(coeffs[c]) + load<Lane>(offsets[c] + i);
    store_rgb(Op::apply(load_rgb(s, i), at, k), s, i);
  });
}

template <class Op>
SFM_KERNEL void run_sigma(float* out, int n, const Place& place, const float* coeffs) {
  const auto k = coeffs_of<Op>(coeffs);
  for_sites(n, place, nullptr, [&](int i, const Site<Lane>& at) { store(Lane(Op::sigma(at, k)) / at.pixel, out + i); });
}

template <class Op>
SFM_KERNEL void run_combine(const Strip& sharp, const Strip& soft, int n, const Place& place, const float* coeffs) {
  const auto k = coeffs_of<Op>(coeffs);
  for_sites(n, place, nullptr, [&](int i, const Site<Lane>& at) {
    store_rgb(Op::combine(load_rgb(sharp, i), load_rgb(soft, i), at, k), sharp, i);
  });
}

template <class Op>
constexpr OpKernels kernels_of() {
  if constexpr (CanvasOp<Op>)
    return {run_point<Op>, nullptr, run_sigma<Op>, run_combine<Op>};
  else if constexpr (MappedOp<Op>)
    return {run_point<Op>, run_mapped<Op>, nullptr, nullptr};
  else
    return {run_point<Op>, nullptr, nullptr, nullptr};
}

template <class Change>
inline void map_strip(const Strip s, int n, const Change& change) {
  for (int i = 0; i < n; i += step) store_rgb(change(load_rgb(s, i)), s, i);
}

template <Space from, Space to>
SFM_KERNEL void run_conversion(const Strip& s, int n) {
  map_strip(s, n, [](const Rgb<Lane>& c) { return converted(from, to, c); });
}

template <Space from>
void run_conversion_from(Space to, const Strip& s, int n) {
  switch (to) {
    case Space::linear:
      return run_conversion<from, Space::linear>(s, n);
    case Space::encoded:
      return run_conversion<from, Space::encoded>(s, n);
    case Space::oklab:
      return run_conversion<from, Space::oklab>(s, n);
    case Space::lab:
      return run_conversion<from, Space::lab>(s, n);
  }
}

void run_convert(Space from, Space to, const Strip& s, int n) {
  switch (from) {
    case Space::linear:
      return run_conversion_from<Space::linear>(to, s, n);
    case Space::encoded:
      return run_conversion_from<Space::encoded>(to, s, n);
    case Space::oklab:
      return run_conversion_from<Space::oklab>(to, s, n);
    case Space::lab:
      return run_conversion_from<Space::lab>(to, s, n);
  }
}

// Linear interpolation in a table over 0..1, odd below 0, straight on above 1.
inline void look_up(const float* table, float* values, int n, bool fourth_root) {
  for (int i = 0; i < n; ++i) {
    const float size = __builtin_fabsf(values[i]);
    float t = fourth_root ? __builtin_sqrtf(__builtin_sqrtf(size)) : size;
    const float p = t * (ProfileMap::nodes - 1);
    int node = static_cast<int>(p < 0.0f ? 0.0f : p > ProfileMap::nodes - 2 ? ProfileMap::nodes - 2 : p);
    const float v = table[node] + (table[node + 1] - table[node]) * (p - static_cast<float>(node));
    values[i] = values[i] < 0.0f ? -v : v;
  }
}

SFM_KERNEL void run_decode_profile(const ProfileMap& profile, const Strip& s, int n) {
  if (profile.has_tables())
    for (int c = 0; c < 3; ++c) look_up(profile.decode[c].data(), s.channel[c], n, false);
  else if (profile.has_srgb_curve())
    map_strip(s, n, [](const Rgb<Lane>& c) { return srgb_decode(c); });
  map_strip(s, n, [&](const Rgb<Lane>& c) { return times(profile.to_srgb, c); });
}

SFM_KERNEL void run_encode_profile(const ProfileMap& profile, const Strip& s, int n) {
  map_strip(s, n, [&](const Rgb<Lane>& c) { return times(profile.from_srgb, c); });
  if (profile.has_tables())
    for (int c = 0; c < 3; ++c) look_up(profile.encode[c].data(), s.channel[c], n, true);
  else if (profile.has_srgb_curve())
    map_strip(s, n, [](const Rgb<Lane>& c) { return srgb_encode(c); });
}

// Where a pixel's center falls among the centers of `count` cells along `length` pixels.
struct CellPlace {
  float at;
  CellPlace(float center, int length, int count)
      : at(center * static_cast<float>(count) / static_cast<float>(length) - 0.5f) {
    at = at < 0.0f ? 0.0f : at > static_cast<float>(count - 1) ? static_cast<float>(count - 1) : at;
  }
  int cell() const { return static_cast<int>(at); }
  float share() const { return at - static_cast<float>(cell()); }
};

SFM_KERNEL void run_weigh_plane(const MaskPlane& m, int n, const Place& place, float* out) {
  const CellPlace y(static_cast<float>(place.y) + 0.5f, place.height, m.height);
  const float* upper = m.values.data() + static_cast<std::ptrdiff_t>(y.cell()) * m.width;
  const float* lower = y.cell() + 1 < m.height ? upper + m.width : upper;
  const float down = y.share();
  for (int i = 0; i < n; ++i) {
    const CellPlace x(static_cast<float>(place.x + i) + 0.5f, place.width, m.width);
    const int left = x.cell(), right = left + 1 < m.width ? left + 1 : left;
    const float a = upper[left] + (upper[right] - upper[left]) * x.share();
    const float b = lower[left] + (lower[right] - lower[left]) * x.share();
    out[i] = a + (b - a) * down;
  }
}

SFM_KERNEL void run_weigh_table(const CubeTable& table, const Strip& strip, int n, const Place& place,
                                const Strip& out) {
  const Strip s = strip, to = out;
  const Lane y((static_cast<float>(place.y) + 0.5f) / static_cast<float>(place.height));
  const Lane unit(1.0f / static_cast<float>(place.width));
  for (int i = 0; i < n; i += step) {
    const Rgb<Lane> c = load_rgb(s, i);
    const Lane x = (first_lanes<Lane>(static_cast<float>(place.x + i)) + Lane(0.5f)) * unit;
    store_rgb(table3(&table, Rgb<Lane>{luma(c), x, y}), to, i);
  }
}

SFM_KERNEL void run_blend(const Strip& in_out, const Strip& before, const float* weight, int n) {
  const Strip s = in_out, b = before;
  for (int i = 0; i < n; i += step) {
    const Rgb<Lane> was = load_rgb(b, i);
    store_rgb(was + (load_rgb(s, i) - was) * load<Lane>(weight + i), s, i);
  }
}

template <class... Op>
struct OpTable {
  static constexpr OpKernels entries[]{kernels_of<Op>()...};
};
using AllOps = OpTable<SFM_ALL_OPS>;

constexpr Kernels render_kernels{AllOps::entries, unpack_rows<Lane>,  pack_rows<Lane>,
                                 run_weigh_plane, run_weigh_table,    run_blend,
                                 run_convert,     run_decode_profile, run_encode_profile};

}  // namespace SFM_ISA

template <>
const Kernels& kernel_table<Kernels, SFM_ISA_NUMBER>() {
  return render_kernels;
}

}  // namespace sfumato
