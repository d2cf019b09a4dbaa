// SPDX-License-Identifier: Apache-2.0
// The row kernels of the domain transform, over any lane. What each computes is said in rows.h.
#pragma once

#include "filters/row_verbs.h"

namespace sfumato {
inline namespace SFM_ISA {

template <class V>
void domain_distances(const float* const a[3], const float* const b[3], float scale, int n, float* to) {
  for (int i = 0; i < n; i += lanes_of<V>()) {
    V sum(0.0f);
    for (int c = 0; c < 3; ++c) sum = sum + abs(load<V>(a[c] + i) - load<V>(b[c] + i));
    store(multiply_add(sum, V(scale), V(1.0f)), to + i);
  }
}

template <class V>
inline V feedback_of(V distance, float log_a) {
  return exp2(max(distance * V(log_a), V(-120.0f)));
}

// Rows lie across the lanes, so that each step along them is one of many rows. `memory` holds, for each column, the
// feedback from the column before and then the planes, all of them a lane wide.
template <class V>
void recur_along(const float* const* distance, float log_a, float* const* rows, int count, int planes, int n,
                 float* memory) {
  constexpr int lanes = lanes_of<V>();
  const std::ptrdiff_t column = static_cast<std::ptrdiff_t>(planes + 1) * lanes;
  const V zero(0.0f), one(1.0f);
  for (int first = 0; first < count; first += lanes) {
    float* m = memory;
    for (int x = 0; x < n; x += 4, m += 4 * column) {
      V weight[4], rest[4], here[4];
      load_columns(distance + first, x, weight);
      for (int k = 0; k < 4; ++k) weight[k] = x + k > 0 && x + k < n ? feedback_of(weight[k], log_a) : zero;
      for (int k = 0; k < 4; ++k) rest[k] = one - weight[k], store(weight[k], m + k * column);
      for (int p = 0; p < planes; ++p) {
        float* plane = m + (p + 1) * lanes;
        load_columns(rows + p * recurred_rows + first, x, here);
        for (int k = n - x; k < 4; ++k) here[k] = zero;
        V before = x > 0 ? load<V>(plane - column) : zero;
        for (int k = 0; k < 4; ++k) {
          before = multiply_add(weight[k], before, rest[k] * here[k]);
          store(before, plane + k * column);
        }
      }
    }
    store(zero, m);
    for (int p = 1; p <= planes; ++p) store(zero, m + p * lanes);
    for (int x = (n - 1) / 4 * 4; x >= 0; x -= 4) {
      m -= 4 * column;
      V weight[4], rest[4], here[4];
      for (int k = 0; k < 4; ++k) weight[k] = load<V>(m + (k + 1) * column), rest[k] = one - weight[k];
      for (int p = 0; p < planes; ++p) {
        float* plane = m + (p + 1) * lanes;
        V after = load<V>(plane + 4 * column);
        for (int k = 3; k >= 0; --k) {
          after = multiply_add(weight[k], after, rest[k] * load<V>(plane + k * column));
          here[k] = after;
        }
        store(after, plane);
        store_columns(here, rows + p * recurred_rows + first, x);
      }
    }
  }
}

template <class V>
void feedback(const float* distance, float log_a, int n, float* weight) {
  for (int i = 0; i < n; i += lanes_of<V>()) store(feedback_of(load<V>(distance + i), log_a), weight + i);
}

template <class V>
void follow(const float* from, const float* weight, int n, float* row) {
  for (int i = 0; i < n; i += lanes_of<V>()) {
    V here = load<V>(row + i);
    store(multiply_add(load<V>(from + i) - here, load<V>(weight + i), here), row + i);
  }
}

}  // namespace SFM_ISA
}  // namespace sfumato
