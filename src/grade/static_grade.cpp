// SPDX-License-Identifier: Apache-2.0
#include "grade/static_grade.h"

#include <algorithm>

#include "grade/disagreement.h"
#include "grade/front.h"
#include "grade/toning.h"
#include "lane/scalar.h"
#include "look/values.h"

namespace sfumato {
namespace {

Color inside(const Color& c) { return {clamp(c.r, 0.0f, 1.0f), clamp(c.g, 0.0f, 1.0f), clamp(c.b, 0.0f, 1.0f)}; }

// A box around all that the front makes of the unit cube.
CubeTable table_behind(const Front& front, int size) {
  std::vector<Color> colors;
  constexpr int n = 9;
  for (int i = 0; i < n * n * n; ++i)
    colors.push_back(Color{static_cast<float>(i % n), static_cast<float>(i / n % n), static_cast<float>(i / n / n)} *
                     (1.0f / (n - 1)));
  Color low{0, 0, 0}, high{1, 1, 1};
  for (const Color& c : front.apply(colors)) {
    low = {std::min(low.r, c.r), std::min(low.g, c.g), std::min(low.b, c.b)};
    high = {std::max(high.r, c.r), std::max(high.g, c.g), std::max(high.b, c.b)};
  }
  return box_table(size, low, high);
}

// Behind the front, `whole` is what remains of it. Where the front cannot come from the unit cube, the nearest color
// that can decides how far to move.
void rest_of(const CubeTable& whole, const Front& front, CubeTable& table) {
  const int count = table.size * table.size * table.size;
  std::vector<Color> from;
  for (int node = 0; node < count; ++node) from.push_back(inside(front.invert(node_place(table, node))));
  const std::vector<Color> reached = front.apply(from);
  for (int node = 0; node < count; ++node) {
    const Color moved = node_place(table, node) + table3(&whole, from[node]) - reached[node];
    set_node(table, node, moved);
  }
}

// Cells of about the reach of a random look's features: closer samples tell nothing new of it.
Samples thinned(const Samples& fine, int most_cells) {
  Samples coarse = coarser(fine, 24);
  for (int grid = 20; static_cast<int>(coarse.size()) > most_cells && grid >= 8; grid -= 4)
    coarse = coarser(fine, grid);
  return coarse;
}

bool agrees(const Samples& all) { return all.contradiction() < 0.01; }

int nodes_for(std::size_t pairs, const Samples& all) { return pairs < 5 ? 33 : agrees(all) ? 65 : 49; }

// Pairs that agree tell small bends of the edit. What a contradicting one misses it misses in neighboring colors, too,
// so that a mean over these would still follow it.
ResidualOptions stiffer(ResidualOptions residual, double contradiction) {
  constexpr double little = 0.002, contradicting = 10;  // times as stiff
  const double share = contradiction * contradiction / (contradiction * contradiction + little * little);
  const auto factor = static_cast<float>(1 + (contradicting - 1) * share);
  residual.smoothness *= factor;
  residual.loyalty *= factor;
  return residual;
}

}  // namespace

Look fit_static_grade(std::span<const Samples> pairs, const StaticGradeOptions& options) {
  Samples fine = pool(pairs), coarse;
  CubeTable expected;
  // Once more where pairs contradict each other, which shows only in what a table for all of them misses.
  for (int round = 0; round < options.rounds; ++round) {
    coarse = thinned(fine, options.most_cells);
    expected = expected_table(coarse, round == 0 ? options.expectation : options.expectation.by_hand());
    find_disagreement(pairs, expected, fine);
    if (agrees(fine)) break;
  }

  // The expectation knows colorful looks: where no sample is, it would tint what is to be black and white.
  if (const auto toning = Toning::of(fine))
    for (int node = 0; node < expected.size * expected.size * expected.size; ++node)
      set_node(expected, node, (*toning)(node_color(expected, node)));

  const Front front(expected, coarse);
  CubeTable table = table_behind(front, options.table_size ? options.table_size : nodes_for(pairs.size(), fine));
  rest_of(expected, front, table);
  fine.before = front.apply(fine.before);
  fit_residual(table, fine, stiffer(options.residual, fine.contradiction()));

  Look look;
  look.steps = front.steps();
  LookStep rest = initial_step(*find_op("lut3d"));
  rest.file = "tensor:residual";
  rest.table = std::make_shared<const CubeTable>(std::move(table));
  look.steps.push_back(std::move(rest));
  return look;
}

}  // namespace sfumato
