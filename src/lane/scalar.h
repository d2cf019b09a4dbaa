// SPDX-License-Identifier: Apache-2.0
// The plain lanes: float (reference and fallback) and double (accuracy and gradient reference).
#pragma once

#include "lane/cube.h"
#include "lane/hash.h"
#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

// eight[index] for a whole number from 0 to 7.
template <Plain V, class S>
V pick8(const S* eight, V index) {
  return V(eight[static_cast<int>(index) & 7]);
}

// The corners of half a cell: whole-numbered (x, y), then (x + 1, y) if `x_first` or else (x, y + 1), then (x + 1, y +
// 1). A corner's numbers begin at the bits 31, 20 and 9 of one hash.
template <Plain V>
NoiseTriangle<V> noise_triangle(std::uint32_t seed, V x, V y, bool x_first) {
  auto corner = [&](int dx, int dy) {
    const std::uint32_t h = hash(seed, static_cast<std::uint32_t>(static_cast<std::int32_t>(x) + dx),
                                 static_cast<std::uint32_t>(static_cast<std::int32_t>(y) + dy));
    auto number = [](std::uint32_t bits) { return static_cast<V>(static_cast<std::int32_t>(bits)); };
    return typename NoiseTriangle<V>::Corner{number(h), number(h << 11), number(h << 22)};
  };
  return {corner(0, 0), corner(x_first ? 1 : 0, x_first ? 0 : 1), corner(1, 1)};
}

// Tetrahedral interpolation, clamped to the table's domain.
template <Plain V>
Rgb<V> table3(const void* table, const Rgb<V>& c) {
  const auto& t = *static_cast<const CubeTable*>(table);
  V in[3]{c.r, c.g, c.b};
  if (t.has_shaper())
    for (int i = 0; i < 3; ++i) in[i] = t.shape(i, in[i]);
  int base[3], order[3]{0, 1, 2};
  V frac[3];
  for (int i = 0; i < 3; ++i) {
    V p = clamp((in[i] - V(t.low[i])) * V(t.scale[i]), V(0), V(t.size - 1));
    V whole = min(floor(p), V(t.size - 2));
    base[i] = static_cast<int>(whole);
    frac[i] = p - whole;
  }
  // Walk from the lower corner to the upper one along the axes, largest fraction first.
  auto swap_if_less = [&](int a, int b) {
    if (frac[order[a]] < frac[order[b]]) {
      int k = order[a];
      order[a] = order[b];
      order[b] = k;
    }
  };
  swap_if_less(0, 1);
  swap_if_less(1, 2);
  swap_if_less(0, 1);
  const int step[3]{4, 4 * t.size, 4 * t.size * t.size};
  const float* node = t.nodes.data() + base[0] * step[0] + base[1] * step[1] + base[2] * step[2];
  V weight = V(1) - frac[order[0]];
  Rgb<V> sum{V(node[0]) * weight, V(node[1]) * weight, V(node[2]) * weight};
  for (int i = 0; i < 3; ++i) {
    node += step[order[i]];
    weight = frac[order[i]] - (i < 2 ? frac[order[i + 1]] : V(0));
    sum = sum + Rgb<V>{V(node[0]), V(node[1]), V(node[2])} * weight;
  }
  return sum;
}

// One lane at a time.
template <Plain V>
constexpr int lanes_of() {
  return 1;
}
template <Plain V>
V load(const float* p) {
  return V(*p);
}
inline void store(float v, float* p) { *p = v; }
template <Plain V>
V first_lanes(V start) {
  return start;
}

}  // namespace SFM_ISA
}  // namespace sfumato
