// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato { inline namespace SFM_ISA {

// Film grain: band-limited noise fixed to the picture, strongest in the midtones, as density noise prints.
// The size is that of the clumps on a 36 x 24 mm frame, so a preview shows the same grain, averaged.
struct Grain {
  static constexpr Card card{"grain", "Grain", "Film grain that follows the tones.", Space::encoded};
  static constexpr bool is_local = true;
  static constexpr Knob knobs[]{
      {"amount", 0.0f, 1.0f, 0.0f, "Strength; 0.25 is a fine, 0.6 a pushed film."},
      {"size", 4.0f, 60.0f, 14.0f, "Clump size in micrometers on a 36 x 24 mm frame.", 1, false},
      {"color", 0.0f, 1.0f, 0.25f, "Share of grain that differs between the channels.", 1, false},
  };

  template <class S>
  static Coeffs<S, 4> prepare(const S* knob) {
    const S cell = knob[1] * S(1.0f / 21633.0f);  // half the diagonal of the frame is 21633 um
    return {{S(1.0f) / cell, cell, knob[0] * (S(1.0f) - knob[2]) * S(0.16f), knob[0] * knob[2] * S(0.16f)}};
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>& at, const Coeffs<S, 4>& k) {
    // Two lattices at different angles hide each other's rows.
    V u = at.x * k[0], v = at.y * k[0];
    V p = u * V(0.8910f) + v * V(0.4540f), q = v * V(0.8910f) - u * V(0.4540f);
    V s = u * V(0.9703f) - v * V(0.2419f), t = v * V(0.9703f) + u * V(0.2419f);
    Pair<V> one = smooth_noise(11u, p, q), two = smooth_noise(23u, s, t);
    V shared = one.first + two.first;

    // Where a pixel is larger than a clump, it averages several.
    V seen = min(V(1.0f), V(k[1]) / at.pixel);
    V tone = clamp(c.r * V(0.2126f) + c.g * V(0.7152f) + c.b * V(0.0722f), V(0.0f), V(1.0f));
    V density = seen * (tone * (V(1.0f) - tone) * V(3.6f) + V(0.1f));
    V common = shared * density * k[2], own = density * k[3];
    return {c.r + common + one.second * own, c.g + common - (one.second + two.second) * own * V(0.5f),
            c.b + common + two.second * own};
  }

 private:
  // Value noise of unit-sized cells, two independent ones at once.
  template <class V>
  static Pair<V> smooth_noise(unsigned seed, const V& x, const V& y) {
    V x0 = floor(x), y0 = floor(y), x1 = x0 + V(1.0f), y1 = y0 + V(1.0f);
    V fx = smooth01(x - x0), fy = smooth01(y - y0);
    Pair<V> a = noise2(seed, x0, y0), b = noise2(seed, x1, y0), c = noise2(seed, x0, y1), d = noise2(seed, x1, y1);
    return {mix(mix(a.first, b.first, fx), mix(c.first, d.first, fx), fy),
            mix(mix(a.second, b.second, fx), mix(c.second, d.second, fx), fy)};
  }
};

}}  // namespace sfumato
