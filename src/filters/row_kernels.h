// SPDX-License-Identifier: Apache-2.0
// The row kernels of neighborhood filters, over any lane. What each computes is said in rows.h.
#pragma once

#include "lane/pixel.h"

namespace sfumato { inline namespace SFM_ISA {

template <class V>
void decimate_rows(const float* const rows[4], int n, float* to) {
  for (int i = 0; i < n; i += lanes_of<V>()) {
    V outer = load<V>(rows[0] + i) + load<V>(rows[3] + i), inner = load<V>(rows[1] + i) + load<V>(rows[2] + i);
    store(outer * V(0.125f) + inner * V(0.375f), to + i);
  }
}

template <class V>
void decimate_columns(const float* from, int n, float* to) {
  for (int i = 0; i < n; ++i)
    to[i] = 0.125f * (from[2 * i - 1] + from[2 * i + 2]) + 0.375f * (from[2 * i] + from[2 * i + 1]);
}

template <class V>
void weigh_rows(const float* const* rows, const float* weight, int taps, int n, float* to) {
  for (int i = 0; i < n; i += lanes_of<V>()) {
    V sum = load<V>(rows[0] + i) * V(weight[0]);
    for (int t = 1; t < taps; ++t) sum = sum + load<V>(rows[t] + i) * V(weight[t]);
    store(sum, to + i);
  }
}

template <class V>
void weigh_columns(const float* from, const float* weight, int taps, int n, float* to) {
  for (int i = 0; i < n; i += lanes_of<V>()) {
    V sum = load<V>(from + i) * V(weight[0]);
    for (int t = 1; t < taps; ++t) sum = sum + load<V>(from + i + t) * V(weight[t]);
    store(sum, to + i);
  }
}

// Cubic B-spline weights of the four cells around a position t in [0, 1) past the second of them.
inline void spline_weights(float t, float (&w)[4]) {
  const float u = 1.0f - t;
  w[0] = u * u * u * (1.0f / 6.0f);
  w[1] = (4.0f - 6.0f * t * t + 3.0f * t * t * t) * (1.0f / 6.0f);
  w[2] = (4.0f - 6.0f * u * u + 3.0f * u * u * u) * (1.0f / 6.0f);
  w[3] = t * t * t * (1.0f / 6.0f);
}

template <class V>
void magnify(const float* from, int factor, int x0, int n, float* to) {
  const float per_cell = 1.0f / static_cast<float>(factor);
  for (int i = 0; i < n; ++i) {
    const float p = (static_cast<float>(x0 + i) + 0.5f) * per_cell - 0.5f, cell = __builtin_floorf(p);
    float w[4];
    spline_weights(p - cell, w);
    const float* f = from + static_cast<int>(cell) - 1;
    to[i] = f[0] * w[0] + f[1] * w[1] + f[2] * w[2] + f[3] * w[3];
  }
}

template <class V>
void accumulate(const float* from, const float* weight, int n, float* sum) {
  for (int i = 0; i < n; i += lanes_of<V>())
    store(load<V>(sum + i) + load<V>(weight + i) * load<V>(from + i), sum + i);
}

}}  // namespace sfumato
