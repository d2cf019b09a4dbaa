// SPDX-License-Identifier: Apache-2.0
// Fitting 3D tables to pairs of colors.
#pragma once

#include <array>

#include "grade/samples.h"
#include "lane/cube.h"

namespace sfumato {

// The four nodes that table3 mixes for a color, and their shares.
struct Corners {
  std::array<int, 4> node;
  std::array<float, 4> share;
};
Corners corners_of(const CubeTable&, const Color&);

// The table at a node, and its place in the table's domain.
inline Color node_color(const CubeTable& t, int node) {
  return {t.nodes[node * 4], t.nodes[node * 4 + 1], t.nodes[node * 4 + 2]};
}
inline void set_node(CubeTable& t, int node, const Color& c) {
  t.nodes[node * 4] = c.r, t.nodes[node * 4 + 1] = c.g, t.nodes[node * 4 + 2] = c.b;
}
Color node_place(const CubeTable&, int node);

// The identity over a box.
CubeTable box_table(int size, const Color& low, const Color& high);

// Of one pixel, standard deviation, encoded; falls with the count.
constexpr float pixel_noise = 0.008f;

// Moves `table` toward the samples: minimizes the sum of w huber(what they miss) + smoothness |second
// differences of the change|^2 + loyalty |change|^2, by reweighted conjugate gradients. w: count, up to `full_count`,
// and less by the share of disagreement in all variance: contradictions end in a mean that changes slowly.
struct ResidualOptions {
  float smoothness = 0.04f, loyalty = 0.002f;
  float full_count = 50;
  float huber = 0.02f;  // and twice the standard deviation of disagreement
  int rounds = 2, iterations = 60;
  float tolerance = 1e-4f;  // of the equations, relative; ends the iterations early
};
void fit_residual(CubeTable& table, const Samples&, const ResidualOptions& = {});

}  // namespace sfumato
