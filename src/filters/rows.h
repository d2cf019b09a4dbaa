// SPDX-License-Identifier: Apache-2.0
// The row kernels of neighborhood filters, one table per instruction set (see lane/isa.h).
#pragma once

namespace sfumato {

struct FilterRows {
  // to[x] = (rows[0][x] + 3 rows[1][x] + 3 rows[2][x] + rows[3][x]) / 8
  void (*decimate_rows)(const float* const rows[4], int n, float* to);
  // to[i] = (from[2i-1] + 3 from[2i] + 3 from[2i+1] + from[2i+2]) / 8; from[-1 .. 2n] must be readable
  void (*decimate_columns)(const float* from, int n, float* to);
  // to[x] = sum of weight[t] * rows[t][x]
  void (*weigh_rows)(const float* const* rows, const float* weight, int taps, int n, float* to);
  // to[x] = sum of weight[t] * from[x + t]
  void (*weigh_columns)(const float* from, const float* weight, int taps, int n, float* to);
  // Cubic B-spline magnification by a power of two: to[i] is pixel x0 + i of the large row whose cell c is centered at
  // (c + 0.5) * factor - 0.5; `from` points at cell 0 and must be readable two cells beyond those needed.
  void (*magnify)(const float* from, int factor, int x0, int n, float* to);
  // sum[x] += weight[x] * from[x]
  void (*accumulate)(const float* from, const float* weight, int n, float* sum);
};

}  // namespace sfumato
