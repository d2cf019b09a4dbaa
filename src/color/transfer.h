// SPDX-License-Identifier: Apache-2.0
// The sRGB transfer curve [IEC61966-2-1], odd-extended below 0 and continued above 1.
#pragma once

#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

template <class V>
V with_sign_of(const V& sign, const V& size) {
  return select(sign < V(0.0f), V(0.0f) - size, size);
}

template <class V>
V srgb_decode(const V& encoded) {
  V a = abs(encoded);
  V curve = power(max((a + V(0.055f)) * V(1.0f / 1.055f), V(1e-10f)), V(2.4f));
  return with_sign_of(encoded, select(a < V(0.04045f), a * V(1.0f / 12.92f), curve));
}

template <class V>
V srgb_encode(const V& linear) {
  V a = abs(linear);
  V curve = power(max(a, V(1e-10f)), V(1.0f / 2.4f)) * V(1.055f) - V(0.055f);
  return with_sign_of(linear, select(a < V(0.0031308f), a * V(12.92f), curve));
}

// Unqualified calls: a lane may bring a faster version of its own.
template <class V>
Rgb<V> srgb_decode(const Rgb<V>& c) {
  return {srgb_decode(c.r), srgb_decode(c.g), srgb_decode(c.b)};
}
template <class V>
Rgb<V> srgb_encode(const Rgb<V>& c) {
  return {srgb_encode(c.r), srgb_encode(c.g), srgb_encode(c.b)};
}

}  // namespace SFM_ISA
}  // namespace sfumato
