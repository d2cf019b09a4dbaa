// SPDX-License-Identifier: Apache-2.0
// From a width to its place among the levels, and to each level's share in the mix (see levels.h), on any lane.
#pragma once

#include "filters/rows.h"
#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

template <class V>
V place_of(const V& sigma, const WidthScale& s) {
  V width = clamp(sigma, V(s.low), V(s.high));
  // Side taps of a Gaussian so narrow that it has three: e / (1 + 2e). Below 0.05 they are 0 in any float.
  V narrow = max(width, V(0.05f));
  V e = exp2(V(-0.7213475204f) / (narrow * narrow));
  V by_tap = select(width < V(0.05f), V(0.0f), e / (V(1.0f) + e + e) * V(s.tap_scale));
  V by_log = log2(max(width, V(s.knee)) * V(1.0f / s.knee)) * V(s.log_scale) + V(2.0f);
  V p = select(width < V(s.knee), min(by_tap, V(2.0f)), by_log);
  // Rounding must not lift a width just below the highest past it, to a level that is not there.
  return select(width < V(s.high), min(p, V(s.high_place)), V(s.high_place));
}

template <class V>
V share_of(const V& place, const LevelShare& s) {
  const V one(1.0f), two(2.0f);
  V d = min(abs(place - V(s.level)), two);
  V near = (one - d * d) * (two - d) * V(0.5f), far = (one - d) * (two - d) * (V(3.0f) - d) * V(1.0f / 6.0f);
  V below = V(s.below[0]) + place * (V(s.below[1]) + place * V(s.below[2]));
  return select(place < two, below, select(d < one, near, far));
}

}  // namespace SFM_ISA
}  // namespace sfumato
