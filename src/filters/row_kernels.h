// SPDX-License-Identifier: Apache-2.0
// The row kernels of pyramids and scale spaces, over any lane. What each computes is said in rows.h.
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

}  // namespace SFM_ISA
}  // namespace sfumato
