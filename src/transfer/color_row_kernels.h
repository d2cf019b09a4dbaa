// SPDX-License-Identifier: Apache-2.0
// The kernels of color_rows.h, over any lane.
#pragma once

#include "filters/row_verbs.h"
#include "transfer/color_rows.h"
#include "transfer/settle.h"

namespace sfumato {
inline namespace SFM_ISA {

template <class V>
V place_along(const float axis[3], const Rgb<V>& c) {
  return multiply_add(c.b, V(axis[2]), multiply_add(c.g, V(axis[1]), c.r * V(axis[0])));
}

template <class V>
Extremes project(const ConstStrip& colors, const float axis[3], int n, float* to) {
  V low(1e30f), high(-1e30f);
  for (int i = 0; i < n; i += lanes_of<V>()) {
    const V place = place_along<V>(
        axis, {load<V>(colors.channel[0] + i), load<V>(colors.channel[1] + i), load<V>(colors.channel[2] + i)});
    low = min(low, place), high = max(high, place);
    store(place, to + i);
  }
  return {lowest_lane(low), highest_lane(high)};
}

template <class V>
V moved(const AxisCurve& curve, const V& v) {
  const V last(static_cast<float>(curve.last)), place = (v - V(curve.low)) * V(curve.scale);
  const V in = clamp(place, V(0.0f), last), knot = min(floor(in), last - V(1.0f));
  const V before = pick(curve.knots, knot), after = pick(curve.knots + 1, knot);
  return mix(before, after, in - knot) + (place - in) * V(1.0f / curve.scale);
}

template <class V>
void exchange(const Strip& colors, const ConstStrip& change, const ColorRows::Detail& d, int n) {
  for (int i = 0; i < n; i += lanes_of<V>()) {
    const Rgb<V> photo{load<V>(colors.channel[0] + i), load<V>(colors.channel[1] + i), load<V>(colors.channel[2] + i)},
        way{load<V>(change.channel[0] + i), load<V>(change.channel[1] + i), load<V>(change.channel[2] + i)};
    const V light = luma(photo);
    const Rgb<V> kept = photo * V(d.chroma) + light * V(1.0f - d.chroma - d.less);
    const Rgb<V> c = settled(photo, kept + way, V(d.knee));
    store(c.r, colors.channel[0] + i), store(c.g, colors.channel[1] + i), store(c.b, colors.channel[2] + i);
  }
}

// Two registers at a time, whose chains of steps overlap.
template <class V>
void move_along(const AxisCurve* curves, int count, const Strip& colors, int n) {
  constexpr int lanes = lanes_of<V>();
  for (int i = 0; i < n; i += 2 * lanes) {
    const int at[2]{i, i + lanes < padded(n) ? i + lanes : i};
    Rgb<V> c[2];
    for (int k = 0; k < 2; ++k)
      c[k] = {load<V>(colors.channel[0] + at[k]), load<V>(colors.channel[1] + at[k]),
              load<V>(colors.channel[2] + at[k])};
    for (const AxisCurve* curve = curves; curve < curves + count; ++curve)
      for (Rgb<V>& p : c) {
        const V a(curve->axis[0]), b(curve->axis[1]), d(curve->axis[2]);
        const V v = place_along(curve->axis, p), way = (moved(*curve, v) - v) * V(curve->share);
        p = {multiply_add(a, way, p.r), multiply_add(b, way, p.g), multiply_add(d, way, p.b)};
      }
    for (int k = 0; k < 2; ++k)
      store(c[k].r, colors.channel[0] + at[k]), store(c[k].g, colors.channel[1] + at[k]),
          store(c[k].b, colors.channel[2] + at[k]);
  }
}

}  // namespace SFM_ISA
}  // namespace sfumato
