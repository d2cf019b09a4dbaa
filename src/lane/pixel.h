// SPDX-License-Identifier: Apache-2.0
// What operations are written in: colors, sites and coefficients over any lane value V.
//
// A lane V (float, double, a Highway register, a GLSL expression, a tensor) supplies + - * /, V < V giving a
// mask, and the verbs select, min, max, abs, floor, sqrt, exp2, log2, atan2, pick8, noise_triangle and table3.
#pragma once

#include "lane/plain.h"

namespace sfumato {
inline namespace SFM_ISA {

template <class V>
struct Rgb {
  V r, g, b;

  friend Rgb operator+(const Rgb& p, const Rgb& q) { return {p.r + q.r, p.g + q.g, p.b + q.b}; }
  friend Rgb operator-(const Rgb& p, const Rgb& q) { return {p.r - q.r, p.g - q.g, p.b - q.b}; }
  friend Rgb operator*(const Rgb& p, const Rgb& q) { return {p.r * q.r, p.g * q.g, p.b * q.b}; }
  template <class S>
  friend Rgb operator*(const Rgb& p, const S& s) {
    return {p.r * s, p.g * s, p.b * s};
  }
  template <class S>
  friend Rgb operator+(const Rgb& p, const S& s) {
    return {p.r + s, p.g + s, p.b + s};
  }
};

// Random numbers at the corners of a triangle of the lattice: three in [-2^31, 2^31] at each.
template <class V>
struct NoiseTriangle {
  struct Corner {
    V a, b, c;
  } near, middle, far;
};

// Where a pixel is. x and y: origin at the center of the picture, corners at radius 1, y downward.
template <class V>
struct Site {
  V x, y;
  V half_width, half_height;  // extent of the picture in the same units
  V pixel;                    // width of a pixel in the same units
  const void* table;          // the operation's resource, see table3
};

// What an operation makes of its knobs once per picture: plain numbers, uploaded as they are to any device.
template <class S, int N>
struct Coeffs {
  static constexpr int size = N;
  S v[N];

  const S& operator[](int i) const { return v[i]; }
  S& operator[](int i) { return v[i]; }
};

template <class V>
V clamp(const V& v, const V& low, const V& high) {
  return min(max(v, low), high);
}

template <class V, class S>
V mix(const V& a, const V& b, const S& t) {
  return a + (b - a) * t;
}

// 0 below 0, 1 above 1, a cubic between.
template <class V>
V smooth01(const V& v) {
  V t = clamp(v, V(0.0f), V(1.0f));
  return t * t * (V(3.0f) - V(2.0f) * t);
}

// BT.601 luma of encoded colors: what maps over lightness are read by.
inline constexpr float luma_weights[3]{0.299f, 0.587f, 0.114f};

template <class V>
V luma(const Rgb<V>& c) {
  return c.r * V(luma_weights[0]) + c.g * V(luma_weights[1]) + c.b * V(luma_weights[2]);
}

// v^p for v > 0.
template <class V, class S>
V power(const V& v, const S& p) {
  return exp2(log2(v) * p);
}

template <class V>
V cube_root(const V& v) {
  V size = power(max(abs(v), V(1e-30f)), V(1.0f / 3.0f));
  return select(v < V(0.0f), V(0.0f) - size, size);
}

// Multiplies by the 3x3 matrix m[0..8], row by row.
template <class V, class M>
Rgb<V> times(const M& m, const Rgb<V>& c) {
  return {c.r * m[0] + c.g * m[1] + c.b * m[2], c.r * m[3] + c.g * m[4] + c.b * m[5],
          c.r * m[6] + c.g * m[7] + c.b * m[8]};
}

}  // namespace SFM_ISA
}  // namespace sfumato
