// SPDX-License-Identifier: Apache-2.0
#include "grade/disagreement.h"

#include <algorithm>

#include "lane/scalar.h"

namespace sfumato {
namespace {

constexpr int grid = 8, cells = grid * grid * grid;

// What pairs miss in a cell: moments for the variance between them, unbiased for their weights.
struct Cell {
  Color sum{0, 0, 0};
  float count = 0, squares = 0, squared_counts = 0;

  static float square(const Color& c) { return (c.r * c.r + c.g * c.g + c.b * c.b) / 3; }

  void add_pair(const Color& own, float own_count) {
    sum = sum + own;
    count += own_count;
    squares += square(own) / own_count;
    squared_counts += own_count * own_count;
  }
  float freedom() const { return count > 0 ? count - squared_counts / count : 0; }
  bool is_of_several() const { return freedom() > 0.01f * count; }
  float variance() const { return std::max(0.0f, squares - square(sum) / count) / freedom(); }
};

}  // namespace

void find_disagreement(std::span<const Samples> pairs, const CubeTable& table, Samples& pooled) {
  std::vector<Cell> all(cells);
  for (const Samples& s : pairs) {
    std::vector<Color> own(cells, Color{0, 0, 0});
    std::vector<float> count(cells);
    for (std::size_t i = 0; i < s.size(); ++i) {
      const std::size_t cell = cell_of(s.before[i], grid);
      own[cell] = own[cell] + s.missing(i, table3(&table, s.before[i])) * s.count[i];
      count[cell] += s.count[i];
    }
    for (int c = 0; c < cells; ++c)
      if (count[c] > 0) all[c].add_pair(own[c], count[c]);
  }
  double sum = 0, freedom = 0;
  for (const Cell& c : all)
    if (c.is_of_several()) sum += static_cast<double>(c.variance()) * c.freedom(), freedom += c.freedom();
  const float usual = freedom > 0 ? static_cast<float>(sum / freedom) : 0;
  for (std::size_t i = 0; i < pooled.size(); ++i) {
    const Cell& c = all[cell_of(pooled.before[i], grid)];
    pooled.disagreement[i] =
        std::max(pooled.disagreement[i], (c.is_of_several() ? c.variance() : usual) - usual_variance);
  }
}

}  // namespace sfumato
