// SPDX-License-Identifier: Apache-2.0
// The row kernels of neighborhood filters, over any lane. What each computes is said in rows.h.
#pragma once

#include "filters/row_verbs.h"
#include "filters/width_scale.h"

namespace sfumato {
inline namespace SFM_ISA {

template <class V>
void decimate_rows(const float* const rows[4], int n, float* to) {
  for (int i = 0; i < n; i += lanes_of<V>()) {
    V outer = load<V>(rows[0] + i) + load<V>(rows[3] + i), inner = load<V>(rows[1] + i) + load<V>(rows[2] + i);
    store(multiply_add(outer, V(0.125f), inner * V(0.375f)), to + i);
  }
}

template <class V>
void decimate_columns(const float* from, int n, float* to) {
  for (int i = 0; i < n; i += lanes_of<V>()) {
    V before, first, second, after;
    load_pairs(from + 2 * i - 1, before, first);
    load_pairs(from + 2 * i + 1, second, after);
    store(multiply_add(before + after, V(0.125f), (first + second) * V(0.375f)), to + i);
  }
}

// Sums taps for four registers at a time, so that their chains of additions overlap. at(t) points at tap t.
template <class V, class At>
inline void weigh(const At& at, const float* weight, int taps, int n, float* to) {
  constexpr int lanes = lanes_of<V>();
  int i = 0;
  for (; i + 3 * lanes < n; i += 4 * lanes) {
    V w(weight[0]);
    const float* p = at(0) + i;
    V a = load<V>(p) * w, b = load<V>(p + lanes) * w, c = load<V>(p + 2 * lanes) * w, d = load<V>(p + 3 * lanes) * w;
    for (int t = 1; t < taps; ++t) {
      w = V(weight[t]), p = at(t) + i;
      a = multiply_add(load<V>(p), w, a);
      b = multiply_add(load<V>(p + lanes), w, b);
      c = multiply_add(load<V>(p + 2 * lanes), w, c);
      d = multiply_add(load<V>(p + 3 * lanes), w, d);
    }
    store(a, to + i), store(b, to + i + lanes), store(c, to + i + 2 * lanes), store(d, to + i + 3 * lanes);
  }
  for (; i < n; i += lanes) {
    V sum = load<V>(at(0) + i) * V(weight[0]);
    for (int t = 1; t < taps; ++t) sum = multiply_add(load<V>(at(t) + i), V(weight[t]), sum);
    store(sum, to + i);
  }
}

template <class V>
void weigh_rows(const float* const* rows, const float* weight, int taps, int n, float* to) {
  weigh<V>([rows](int t) { return rows[t]; }, weight, taps, n, to);
}

template <class V>
void weigh_columns(const float* from, const float* weight, int taps, int n, float* to) {
  weigh<V>([from](int t) { return from + t; }, weight, taps, n, to);
}

template <class V, class Store>
inline void magnify_each(const float* from, const Magnifier& m, int x0, int n, const Store& store_at) {
  const CellsOfLanes<V> cells(m);
  const int first = m.first_cell(x0);
  for (int i = 0; i < n; i += lanes_of<V>()) {
    const float* p = from + (m.first_cell(x0 + i) - first);
    const int phase = m.phase(x0 + i);
    V sum = cells.load(p) * load<V>(&m.share[0][phase]);
    for (int t = 1; t < 4; ++t) sum = multiply_add(cells.load(p + t), load<V>(&m.share[t][phase]), sum);
    store_at(i, sum);
  }
}

template <class V>
void magnify(const float* from, const Magnifier& m, int x0, int n, float* to) {
  magnify_each<V>(from, m, x0, n, [to](int i, V v) { store(v, to + i); });
}

template <class V>
void magnify_add(const float* from, const Magnifier& m, int x0, int n, const float* weight, float* sum) {
  magnify_each<V>(from, m, x0, n, [weight, sum](int i, V v) {
    store(multiply_add(load<V>(weight + i), v, load<V>(sum + i)), sum + i);
  });
}

template <class V>
void accumulate(const float* from, const float* weight, int n, float* sum) {
  for (int i = 0; i < n; i += lanes_of<V>())
    store(multiply_add(load<V>(weight + i), load<V>(from + i), load<V>(sum + i)), sum + i);
}

template <class V>
Extremes place_widths(const float* sigma, const WidthScale& s, int n, float* place) {
  V low(1e30f), high(0.0f);
  for (int i = 0; i < n; i += lanes_of<V>()) {
    V p = place_of(load<V>(sigma + i), s);
    low = min(low, p), high = max(high, p);
    store(p, place + i);
  }
  return {lowest_lane(low), highest_lane(high)};
}

template <class V>
void share_level(const float* place, const LevelShare& s, int n, float* weight) {
  for (int i = 0; i < n; i += lanes_of<V>()) store(share_of(load<V>(place + i), s), weight + i);
}

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
