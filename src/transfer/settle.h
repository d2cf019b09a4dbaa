// SPDX-License-Identifier: Apache-2.0
// How colors that an exchange moved come back into 0..1, over any lane.
#pragma once

#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

// A value that fell from `before` toward or below 0 runs out softly instead, so that detail in the dark stays visible.
template <class V>
V run_out(const V& before, const V& after, const V& widest) {
  constexpr float log2_e = 1.44269504f;
  const V knee = min(widest, before);
  return select(after < knee, knee * exp2((after - knee) * V(log2_e) / max(knee, V(1e-6f))), after);
}

constexpr float usual_knee = 0.1f;

// What an exchange made of color `before`, brought into 0..1: its luma softly, so that detail in the dark does not go
// under, its chroma as far as it fits. Equal colors stay, and so do wide gamuts and highlights outside 0..1. `knee`:
// how near to an end lumas begin to be moved.
template <class V>
Rgb<V> settled(const Rgb<V>& before, const Rgb<V>& c, const V& knee) {
  const V zero(0.0f), one(1.0f);
  // How far inside of 0..1.
  const auto margin = [&](const Rgb<V>& p) { return min(min(min(p.r, p.g), p.b), one - max(max(p.r, p.g), p.b)); };
  const auto is_wide = margin(before) < zero, is_near_an_end = margin(c) < knee;
  if constexpr (Plain<V>) {
    if (is_wide || !is_near_an_end) return c;
  }
  const V luma_before = luma(before), from = luma(c), dark = run_out(luma_before, from, knee),
          to = one - run_out(one - luma_before, one - dark, knee), shift = to - from,
          low = min(min(c.r, c.g), c.b) + shift, high = max(max(c.r, c.g), c.b) + shift;
  V share = select(low < zero, to / (to - low), one);
  share = select(one < high, min(share, (one - to) / (high - to)), share);
  const auto moved = [&](const V& v) {
    return select(is_wide, v, select(is_near_an_end, to + (v + shift - to) * share, v));
  };
  return {moved(c.r), moved(c.g), moved(c.b)};
}

}  // namespace SFM_ISA
}  // namespace sfumato
