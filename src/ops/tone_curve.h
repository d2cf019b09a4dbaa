// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato {
inline namespace SFM_ISA {

// A monotone cubic through nine knots [FritschCarlson1980], one for all channels and one for each, written as the
// difference from the identity so that neutral is exact. Beyond 0..1 it goes on straight.
struct ToneCurve {
  static constexpr Card card{"tone_curve", "Tone curve", "Bend the tones of all channels or of each.", Space::encoded};
  static constexpr Knob knobs[]{
      {"contrast", -1.0f, 1.0f, 0.0f, "S-curve around the middle; 1 is very hard."},
      {"highlights", -4.0f, 4.0f, 0.0f, "Camera-style highlight tone in steps; positive is brighter and harder."},
      {"shadows", -4.0f, 4.0f, 0.0f, "Camera-style shadow tone in steps; positive is darker and harder."},
      {"rgb", -0.5f, 0.5f, 0.0f, "Offsets of all channels at the tones 0, 1/8 ... 1.", 9},
      {"red", -0.5f, 0.5f, 0.0f, "Offsets of red at the tones 0, 1/8 ... 1.", 9},
      {"green", -0.5f, 0.5f, 0.0f, "Offsets of green at the tones 0, 1/8 ... 1.", 9},
      {"blue", -0.5f, 0.5f, 0.0f, "Offsets of blue at the tones 0, 1/8 ... 1.", 9},
  };

  // Per channel: four tables of eight polynomial coefficients, then the slopes of the two ends.
  static constexpr int per_channel = 34;

  template <class S>
  static Coeffs<S, 3 * per_channel> prepare(const S* knob) {
    // Offsets at the knots for contrast 1 and for one camera step.
    constexpr float s_curve[9]{0, -0.078f, -0.110f, -0.078f, 0, 0.078f, 0.110f, 0.078f, 0};
    constexpr float light_step[9]{0, 0, 0, 0, 0.004f, 0.013f, 0.021f, 0.017f, 0};
    constexpr float dark_step[9]{0, -0.017f, -0.021f, -0.013f, -0.004f, 0, 0, 0, 0};
    Coeffs<S, 3 * per_channel> k;
    for (int channel = 0; channel < 3; ++channel) {
      S offset[9];
      for (int i = 0; i < 9; ++i)
        offset[i] = knob[0] * S(s_curve[i]) + knob[1] * S(light_step[i]) + knob[2] * S(dark_step[i]) + knob[3 + i] +
                    knob[12 + channel * 9 + i];
      fit(offset, &k[channel * per_channel]);
    }
    return k;
  }

  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 3 * per_channel>& k) {
    return {bend(c.r, k.v), bend(c.g, k.v + per_channel), bend(c.b, k.v + 2 * per_channel)};
  }

 private:
  template <class S>
  static void fit(const S (&offset)[9], S* out) {
    // Keep the curve from falling.
    S height[9], secant[8], slope[9];
    height[0] = offset[0];
    for (int i = 0; i < 8; ++i) {
      S rise = max(offset[i + 1] - offset[i], S(-0.125f));
      height[i + 1] = height[i] + rise;
      secant[i] = S(1.0f) + rise * S(8.0f);
    }

    // Harmonic means of the secants keep each piece monotone.
    slope[0] = secant[0];
    slope[8] = secant[7];
    for (int i = 1; i < 8; ++i)
      slope[i] = secant[i - 1] * secant[i] * S(2.0f) / max(secant[i - 1] + secant[i], S(1e-6f));

    for (int i = 0; i < 8; ++i) {
      const S left = (slope[i] - S(1.0f)) * S(0.125f), right = (slope[i + 1] - S(1.0f)) * S(0.125f);
      const S rise = height[i + 1] - height[i];
      out[i] = height[i];
      out[8 + i] = left;
      out[16 + i] = rise * S(3.0f) - left * S(2.0f) - right;
      out[24 + i] = left + right - rise * S(2.0f);
    }
    out[32] = slope[0] - S(1.0f);
    out[33] = slope[8] - S(1.0f);
  }

  template <class V, class S>
  static V bend(const V& v, const S* k) {
    V inside = clamp(v, V(0.0f), V(1.0f));
    V scaled = inside * V(8.0f), piece = min(floor(scaled), V(7.0f)), u = scaled - piece;
    V delta = ((pick8(k + 24, piece) * u + pick8(k + 16, piece)) * u + pick8(k + 8, piece)) * u + pick8(k, piece);
    V beyond = v - inside;
    return v + delta + beyond * select(beyond < V(0.0f), V(k[32]), V(k[33]));
  }
};

}  // namespace SFM_ISA
}  // namespace sfumato
