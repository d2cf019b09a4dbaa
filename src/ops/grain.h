// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// Film grain: band-limited noise fixed to the picture, strongest in the midtones, as density noise prints.
// The size is that of the clumps on a 36 x 24 mm frame, so a preview shows the same grain, averaged.
struct Grain {
  static constexpr Card card{"grain", "Grain", "Film grain that follows the tones.", Space::encoded};
  static constexpr bool is_local = true;
  static constexpr Knob knobs[]{
      {"amount", 0.0f, 1.0f, 0.0f, "Strength; 0.25 is a fine, 0.6 a pushed film."},
      {"size", 4.0f, 60.0f, 14.0f, "Clump size in micrometers on a 36 x 24 mm frame.", 1, false},
      {"color", 0.0f, 1.0f, 0.25f, "Share of grain that differs between the channels.", 1, false},
      {"seed", 0.0f, 65535.0f, 0.0f, "Which piece of the film; each frame of a video has its own.", 1, false},
  };

  // Rows 0, 1: from a site to the lattice. Then the size of a clump, the amounts of common and of own grain, and the
  // corner of the lattice in the picture's middle.
  template <class S>
  static Coeffs<S, 9> prepare(const S* knob) {
    // Half the diagonal of the frame is 21633 um. A clump's correlation falls to a half at 0.64 of its size.
    const S cell = knob[1] * S(1.0f / 21633.0f), per_reach = S(0.787f) / cell;
    constexpr float cosine = 0.9394f, sine = 0.3429f;  // a lattice at 20 degrees to the rows
    // Pieces lie further apart than the largest is wide; whole numbers that a float counts exactly.
    const S seed = floor(knob[3]), reel = floor(seed * S(1.0f / 256.0f)), frame = seed - reel * S(256.0f);
    return {{per_reach * S(cosine * height - sine * 0.5f), per_reach * S(sine * height + cosine * 0.5f),
             per_reach * S(-sine), per_reach * S(cosine), cell, knob[0] * (S(1.0f) - knob[2]) * S(0.1683f * per_number),
             knob[0] * knob[2] * S(0.1616f * per_number), frame * S(30011.0f) + reel * S(32503.0f),
             frame * S(21013.0f) + reel * S(33013.0f)}};
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>& at, const Coeffs<S, 9>& k) {
    auto [shared, red, blue] = noise(at.x * k[0] + at.y * k[1], at.x * k[2] + at.y * k[3], V(k[7]), V(k[8]));

    // Where a pixel is larger than a clump, it averages several.
    V seen = min(V(1.0f), V(k[4]) / at.pixel);
    V tone = clamp(c.r * V(0.2126f) + c.g * V(0.7152f) + c.b * V(0.0722f), V(0.0f), V(1.0f));
    V density = seen * (tone * (V(1.0f) - tone) * V(3.6f) + V(0.1f));
    V common = shared * density * k[5], own = density * k[6];
    return {c.r + common + red * own, c.g + common - (red + blue) * own * V(0.5f), c.b + common + blue * own};
  }

 private:
  static constexpr float height = 0.8660254f;  // of an equilateral triangle
  static constexpr float per_number = 0x1p-31f;

  template <class V>
  using Three = typename NoiseTriangle<V>::Corner;

  // Noise on a lattice of equilateral triangles, three independent ones at once; lengths in units of their height.
  // Each corner reaches as far as the opposite sides, with a value and a slope for the first noise: a corner's slopes
  // fill the gaps between the values, so that the variance is the same everywhere (within a twelfth) and clumps lie
  // beside the corners as often as on them. The slopes' own numbers, as values, are the other two noises.
  template <class V>
  static Three<V> noise(const V& x, const V& y, const V& from_x, const V& from_y) {
    V x0 = floor(x), y0 = floor(y), fx = x - x0, fy = y - y0;
    auto x_first = fy < fx;
    NoiseTriangle<V> n = noise_triangle(11u, x0 + from_x, y0 + from_y, x_first);
    constexpr float edge = 1.0f / height;
    V across = fx * V(edge) - fy * V(0.5f * edge);
    Three<V> near = weighted(n.near, across, fy), far = weighted(n.far, across - V(0.5f * edge), fy - V(1.0f)),
             middle = weighted(n.middle, across - select(x_first, V(edge), V(-0.5f * edge)),
                               fy - select(x_first, V(0.0f), V(1.0f)));
    return {near.a + middle.a + far.a, near.b + middle.b + far.b, near.c + middle.c + far.c};
  }

  // A corner's share at (dx, dy) from it.
  template <class V>
  static Three<V> weighted(const Three<V>& n, const V& dx, const V& dy) {
    V t = max(V(1.0f) - dx * dx - dy * dy, V(0.0f));
    return {t * t * (n.a + (n.b * dx + n.c * dy) * V(2.236f)), t * t * n.b, t * t * n.c};
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
