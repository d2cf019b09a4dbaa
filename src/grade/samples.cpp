// SPDX-License-Identifier: Apache-2.0
#include "grade/samples.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

class Cells {
 public:
  explicit Cells(int grid) : grid_(grid), first_(static_cast<std::size_t>(grid) * grid * grid, -1) {}

  void add(const Color& before, const Color& after, double count) {
    Cell& c = cell(first_[(index(before.b) * grid_ + index(before.g)) * grid_ + index(before.r)],
                   9 * end_of(after.r) + 3 * end_of(after.g) + end_of(after.b));
    const double v[6]{before.r, before.g, before.b, after.r, after.g, after.b};
    for (int i = 0; i < 6; ++i) c.sum[i] += v[i] * count;
    c.count += count;
  }

  Samples finish(double scale) const {
    Samples s;
    for (const Cell& c : cells_) {
      float m[6];
      for (int i = 0; i < 6; ++i) m[i] = static_cast<float>(c.sum[i] / c.count);
      s.before.push_back({m[0], m[1], m[2]});
      s.after.push_back({m[3], m[4], m[5]});
      s.count.push_back(static_cast<float>(c.count * scale));
    }
    return s;
  }

 private:
  struct Cell {
    int ends;
    int next;  // of the same place, with other ends
    double sum[6]{}, count = 0;
  };

  Cell& cell(int& first, int ends) {
    for (int i = first; i >= 0; i = cells_[i].next)
      if (cells_[i].ends == ends) return cells_[i];
    cells_.push_back({ends, first});
    first = static_cast<int>(cells_.size()) - 1;
    return cells_.back();
  }

  std::size_t index(float v) const {
    return static_cast<std::size_t>(std::clamp(static_cast<int>(v * static_cast<float>(grid_)), 0, grid_ - 1));
  }

  int grid_;
  std::vector<int> first_;
  std::vector<Cell> cells_;
};

}  // namespace

Color Samples::missing(std::size_t i, const Color& color) const {
  return {sfumato::missing(after[i].r, color.r), sfumato::missing(after[i].g, color.g),
          sfumato::missing(after[i].b, color.b)};
}

Samples sample_pair(const Pair& pair, int grid, bool with_clipped) {
  Cells cells(grid);
  const float *x = pair.before.samples<float>(), *y = pair.after.samples<float>();
  const std::size_t pixels = pair.before.sample_count() / 3;
  double used = 0;
  for (std::size_t i = 0; i < pixels; ++i, x += 3, y += 3) {
    if (!(with_clipped ? pair.is_usable(i) : pair.is_whole(i)) || !is_finite(x) || !is_finite(y)) continue;
    cells.add({x[0], x[1], x[2]}, {y[0], y[1], y[2]}, 1);
    ++used;
  }
  return cells.finish(Samples::pixels_per_pair / std::max(1.0, used));
}

Samples pool(std::span<const Samples> all, int grid) {
  Cells cells(grid);
  for (const Samples& s : all)
    for (std::size_t i = 0; i < s.size(); ++i) cells.add(s.before[i], s.after[i], s.count[i]);
  return cells.finish(1);
}

}  // namespace sfumato
