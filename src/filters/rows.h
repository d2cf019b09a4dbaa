// SPDX-License-Identifier: Apache-2.0
// The row kernels of neighborhood filters, one table per instruction set (see lane/isa.h).
// All write, and may read, whole registers: up to padded(n) floats.
#pragma once

#include <cstddef>
#include <vector>

#include "image/strip.h"

namespace sfumato {

// Cubic B-spline magnification by 2^octave, octave >= 1: pixel x lies at (x + 0.5) / 2^octave - 0.5 in cells, and
// share[t][phase] is what it takes of its cell first_cell(x) + t.
struct Magnifier {
  explicit Magnifier(int octave);
  int first_cell(int x) const { return ((x - (1 << (octave - 1))) >> octave) - 1; }
  int phase(int x) const { return x & (period - 1); }

  int octave, period;  // at least a register of phases
  std::vector<float> share[4];
};

// Where widths lie on the scale of levels (see levels.h): below `knee` by the first side tap of the Gaussian, above it
// by its logarithm.
struct WidthScale {
  float low, high, high_place;
  float knee, tap_scale, log_scale;
};

// A level's share in the mix: a polynomial of the place below 2, above it the cubic Lagrange kernel around `level`.
struct LevelShare {
  float level;
  float below[3];
};

constexpr int recurred_rows = 16;
constexpr std::size_t recurred_floats(int planes, int n) {
  return static_cast<std::size_t>(planes + 1) * (n + 4) * recurred_rows;
}

struct FilterRows {
  // to[x] = (rows[0][x] + 3 rows[1][x] + 3 rows[2][x] + rows[3][x]) / 8
  void (*decimate_rows)(const float* const rows[4], int n, float* to);
  // to[i] = (from[2i-1] + 3 from[2i] + 3 from[2i+1] + from[2i+2]) / 8; from[-1 .. 2 padded(n)] must be readable
  void (*decimate_columns)(const float* from, int n, float* to);
  // to[x] = sum of weight[t] * rows[t][x]
  void (*weigh_rows)(const float* const* rows, const float* weight, int taps, int n, float* to);
  // to[x] = sum of weight[t] * from[x + t]
  void (*weigh_columns)(const float* from, const float* weight, int taps, int n, float* to);
  // to[i] = pixel x0 + i of the magnified row; x0 is a multiple of 16, `from` points at its first cell and is readable
  // 16 cells beyond the last.
  void (*magnify)(const float* from, const Magnifier&, int x0, int n, float* to);
  // sum[i] += weight[i] * the same
  void (*magnify_add)(const float* from, const Magnifier&, int x0, int n, const float* weight, float* sum);
  // sum[x] += weight[x] * from[x]
  void (*accumulate)(const float* from, const float* weight, int n, float* sum);
  // place[x] from sigma[x], and the extremes of all padded(n).
  Extremes (*place_widths)(const float* sigma, const WidthScale&, int n, float* place);
  // weight[x] = the level's share at place[x]
  void (*share_level)(const float* place, const LevelShare&, int n, float* weight);

  // Of the domain transform, see domain_transform.h.
  // to[x] = 1 + scale * sum over channels of |a[x] - b[x]|
  void (*domain_distances)(const float* const a[3], const float* const b[3], float scale, int n, float* to);
  // Rows [0, count), count <= recurred_rows, of each plane, rows[plane * recurred_rows + i], in place, first to the
  // right, then to the left: row[x] += weight * (neighbor's result - row[x]), weight = 2^(log_a * distance between the
  // two), where distance[i][x] is that of row i from x - 1 to x. Pointers beyond count repeat the last row's.
  // `memory` has recurred_floats().
  void (*recur_along)(const float* const* distance, float log_a, float* const* rows, int count, int planes, int n,
                      float* memory);
  // weight[x] = 2^(log_a * distance[x])
  void (*feedback)(const float* distance, float log_a, int n, float* weight);
  // row[x] += weight[x] * (from[x] - row[x])
  void (*follow)(const float* from, const float* weight, int n, float* row);
};

}  // namespace sfumato
