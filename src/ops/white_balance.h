// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "color/planckian.h"
#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// Bradford adaptation [Lam1985] from D65 to a white on the Planckian locus [Krystek1985], then camera-style
// red and blue steps. Neutral colors keep their luminance.
struct WhiteBalance {
  static constexpr Card card{"white_balance", "White balance", "Warmer or cooler, greener or more magenta.",
                             Space::linear};
  static constexpr Knob knobs[]{
      {"temperature", -100.0f, 100.0f, 0.0f, "Shift in mired; positive is warmer."},
      {"tint", -100.0f, 100.0f, 0.0f, "Shift across the locus in Duv / 0.0002; positive is more magenta."},
      {"red", -9.0f, 9.0f, 0.0f, "Camera-style red shift in steps of 0.04 stop."},
      {"blue", -9.0f, 9.0f, 0.0f, "Camera-style blue shift in steps of 0.04 stop."},
  };

  template <class S>
  static Coeffs<S, 9> prepare(const S* knob) {
    // Linear sRGB to Bradford cone responses and back.
    constexpr float to_cone[9]{0.422658041f, 0.491356641f, 0.027364497f, 0.055690800f, 0.961556208f,
                               0.023189375f, 0.021379241f, 0.087643922f, 0.980743433f};
    S now[3], base[3];
    white_cone(knob[0], knob[1], now);
    white_cone(S(0.0f), S(0.0f), base);
    const S channel[3]{exp2(knob[2] * S(0.04f)), S(1.0f), exp2(knob[3] * S(0.04f))};

    // I + inverse(B) diag(gain - 1) B is exactly I at neutral.
    constexpr float from_cone[9]{2.538447974f,  -1.293482568f, -0.040243247f, -0.146000365f, 1.116622407f,
                                 -0.022328520f, -0.042288376f, -0.071590070f, 1.022507310f};
    constexpr float luminance[3]{0.212639f, 0.715169f, 0.072192f};
    Coeffs<S, 9> m;
    S level = S(1.0f);
    for (int i = 0; i < 3; ++i) {
      S white = S(-1.0f);
      for (int j = 0; j < 3; ++j) {
        S sum = S(i == j ? 1.0f : 0.0f);
        for (int c = 0; c < 3; ++c)
          sum = sum + (now[c] / base[c] - S(1.0f)) * S(from_cone[i * 3 + c] * to_cone[c * 3 + j]);
        m[i * 3 + j] = sum * channel[i];
        white = white + m[i * 3 + j];
      }
      level = level + white * S(luminance[i]);
    }
    for (int i = 0; i < 9; ++i) m[i] = m[i] / level;
    return m;
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 9>& k) {
    return times(k, c);
  }

 private:
  // Bradford cone response of the white of luminance 1 that is `mired` away from D65 and `tint` off the locus.
  template <class S>
  static void white_cone(const S& mired, const S& tint, S (&cone)[3]) {
    const Chromaticity<S> locus = planckian(mired);
    const S u = locus.u, v = locus.v - tint * S(WhiteScale::duv_per_tint);
    // CIE 1960 u, v to X and Z at Y = 1.
    const S x = u * S(1.5f) / v, z = (S(2.0f) - u * S(0.5f)) / v - S(5.0f);
    cone[0] = x * S(0.8951f) + S(0.2664f) - z * S(0.1614f);
    cone[1] = S(1.7135f) - x * S(0.7502f) + z * S(0.0367f);
    cone[2] = x * S(0.0389f) - S(0.0685f) + z * S(1.0296f);
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
