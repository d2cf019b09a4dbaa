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
    return {{S(1.0f) / cell, cell, knob[0] * (S(1.0f) - knob[2]) * S(0.32f), knob[0] * knob[2] * S(0.32f)}};
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>& at, const Coeffs<S, 4>& k) {
    // Two lattices at different angles hide each other's rows.
    V u = at.x * k[0], v = at.y * k[0];
    V p = u * V(0.8910f) + v * V(0.4540f), q = v * V(0.8910f) - u * V(0.4540f);
    V s = u * V(0.9703f) - v * V(0.2419f), t = v * V(0.9703f) + u * V(0.2419f);
    auto one = smooth_noise(11u, p, q), two = smooth_noise(23u, s, t);
    V shared = one.first + two.first - V(3.0f), red = one.second - V(1.5f), blue = two.second - V(1.5f);

    // Where a pixel is larger than a clump, it averages several.
    V seen = min(V(1.0f), V(k[1]) / at.pixel);
    V tone = clamp(c.r * V(0.2126f) + c.g * V(0.7152f) + c.b * V(0.0722f), V(0.0f), V(1.0f));
    V density = seen * (tone * (V(1.0f) - tone) * V(3.6f) + V(0.1f));
    V common = shared * density * k[2], own = density * k[3];
    return {c.r + common + red * own, c.g + common - (red + blue) * own * V(0.5f), c.b + common + blue * own};
  }

 private:
  // Value noise of unit-sized cells, two independent ones at once.
  template <class V>
  static typename NoiseCell<V>::Pair smooth_noise(unsigned seed, const V& x, const V& y) {
    V x0 = floor(x), y0 = floor(y), fx = smooth01(x - x0), fy = smooth01(y - y0);
    NoiseCell<V> n = noise_cell(seed, x0, y0);
    return {mix(mix(n.c00.first, n.c10.first, fx), mix(n.c01.first, n.c11.first, fx), fy),
            mix(mix(n.c00.second, n.c10.second, fx), mix(n.c01.second, n.c11.second, fx), fy)};
  }
};

}}  // namespace sfumato
