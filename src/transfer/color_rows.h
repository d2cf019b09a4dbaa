// SPDX-License-Identifier: Apache-2.0
// The kernels of color transfer, over planar rows of padded(n) floats; one table per instruction set (see lane/isa.h).
#pragma once

#include "image/strip.h"

namespace sfumato {

// Moves colors along one axis of their space by a curve of equally spaced knots, which goes on with slope 1 beyond its
// ends.
struct AxisCurve {
  float axis[3];     // of length 1
  float low, scale;  // knot = (place along the axis - low) * scale
  const float* knots;
  int last;     // knot, at least 1
  float share;  // of the way there
};

struct ColorRows {
  // to[i] = place of color i along the axis; the extremes of all padded(n).
  Extremes (*project)(const ConstStrip& colors, const float axis[3], int n, float* to);
  // color -> luma + chroma * (color - luma) + change - less * luma, settled (see settle.h).
  struct Detail {
    float chroma, less, knee;
  };
  void (*exchange)(const Strip& colors, const ConstStrip& change, const Detail&, int n);
  // Along all axes, one after the other.
  void (*move_along)(const AxisCurve* curves, int count, const Strip& colors, int n);
};

}  // namespace sfumato
