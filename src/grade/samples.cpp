// SPDX-License-Identifier: Apache-2.0
#include "grade/samples.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

class Cells {
 public:
  explicit Cells(int grid) : grid_(grid), first_(static_cast<std::size_t>(grid) * grid * grid, -1) {}

  void add(const Color& before, const Color& after, double count, double disagreement = 0) {
    Cell& c = cell(first_[cell_of(before, grid_)], 9 * end_of(after.r) + 3 * end_of(after.g) + end_of(after.b));
    const double v[6]{before.r, before.g, before.b, after.r, after.g, after.b};
    for (int i = 0; i < 6; ++i) c.sum[i] += v[i] * count;
    for (int i = 0; i < 3; ++i) c.squares += (v[i + 3] - v[i]) * (v[i + 3] - v[i]) / 3 * count;
    c.disagreement += disagreement * count;
    c.count += count;
  }

  // compares: whether colors of a cell count as alike, so that edits should change them alike.
  Samples finish(double scale, bool compares) const {
    Samples s;
    for (const Cell& c : cells_) {
      float m[6];
      for (int i = 0; i < 6; ++i) m[i] = static_cast<float>(c.sum[i] / c.count);
      s.before.push_back({m[0], m[1], m[2]});
      s.after.push_back({m[3], m[4], m[5]});
      s.count.push_back(static_cast<float>(c.count * scale));
      double variance = c.squares / c.count;
      for (int i = 0; i < 3; ++i) variance -= (m[i + 3] - m[i]) * (m[i + 3] - m[i]) / 3;
      s.disagreement.push_back(static_cast<float>(c.disagreement / c.count +
                                                  (compares ? std::max(0.0, variance - double{usual_variance}) : 0)));
    }
    return s;
  }

 private:
  struct Cell {
    int ends;
    int next;  // of the same place, with other ends
    double sum[6]{}, squares = 0, disagreement = 0, count = 0;
  };

  Cell& cell(int& first, int ends) {
    for (int i = first; i >= 0; i = cells_[i].next)
      if (cells_[i].ends == ends) return cells_[i];
    cells_.push_back({ends, first});
    first = static_cast<int>(cells_.size()) - 1;
    return cells_.back();
  }

  int grid_;
  std::vector<int> first_;
  std::vector<Cell> cells_;
};

// compares: see Cells::finish.
Samples merged(std::span<const Samples> all, int grid, bool compares) {
  Cells cells(grid);
  for (const Samples& s : all)
    for (std::size_t i = 0; i < s.size(); ++i) cells.add(s.before[i], s.after[i], s.count[i], s.disagreement[i]);
  return cells.finish(1, compares);
}

}  // namespace

std::size_t cell_of(const Color& c, int grid) {
  const auto place = [&](float v) {
    return static_cast<std::size_t>(std::clamp(static_cast<int>(v * static_cast<float>(grid)), 0, grid - 1));
  };
  return (place(c.b) * grid + place(c.g)) * grid + place(c.r);
}

Color Samples::missing(std::size_t i, const Color& color) const {
  return {sfumato::missing(after[i].r, color.r), sfumato::missing(after[i].g, color.g),
          sfumato::missing(after[i].b, color.b)};
}

double Samples::contradiction() const {
  double sum = 0, all = 0;
  for (std::size_t i = 0; i < size(); ++i) sum += static_cast<double>(count[i]) * disagreement[i], all += count[i];
  return std::sqrt(sum / std::max(all, 1.0));
}

Samples sample_pair(const Pair& pair, bool with_clipped) {
  Cells cells(sample_grid);
  const float *x = pair.before.samples<float>(), *y = pair.after.samples<float>();
  const std::size_t pixels = pair.before.sample_count() / 3;
  double used = 0;
  for (std::size_t i = 0; i < pixels; ++i, x += 3, y += 3) {
    if (!(with_clipped ? pair.is_usable(i) : pair.is_whole(i)) || !is_finite(x) || !is_finite(y)) continue;
    cells.add({x[0], x[1], x[2]}, {y[0], y[1], y[2]}, 1);
    ++used;
  }
  return cells.finish(Samples::pixels_per_pair / std::max(1.0, used), true);
}

Samples pool(std::span<const Samples> all) { return merged(all, sample_grid, true); }

Samples coarser(const Samples& s, int grid) { return merged({&s, 1}, grid, false); }

Samples milder(Samples s, float strength) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    s.after[i] = s.before[i] + (s.after[i] - s.before[i]) * strength;
    s.disagreement[i] *= strength * strength;
  }
  return s;
}

}  // namespace sfumato
