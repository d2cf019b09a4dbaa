// SPDX-License-Identifier: Apache-2.0
#include "render/fit_nodes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "base/threads.h"

namespace sfumato {
namespace {

using Color = Rgb<float>;

Color clipped(const Color& c) { return {clamp(c.r, 0.0f, 1.0f), clamp(c.g, 0.0f, 1.0f), clamp(c.b, 0.0f, 1.0f)}; }

// A place in a cell: the four nodes around it, as distances from the cell's first, and their weights.
struct Spot {
  Color share;  // of the cell's width, along each axis
  std::array<int, 4> node;
  std::array<float, 4> weight;
};

Spot spot_at(const Color& share, int size) {
  std::array<std::pair<float, int>, 3> axes{{{share.r, 1}, {share.g, size}, {share.b, size * size}}};
  std::stable_sort(axes.begin(), axes.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  Spot s{
      share, {}, {1.0f - axes[0].first, axes[0].first - axes[1].first, axes[1].first - axes[2].first, axes[2].first}};
  for (int i = 0; i < 3; ++i) s.node[i + 1] = s.node[i] + axes[i].second;
  return s;
}

class Fit {
 public:
  Fit(CubeTable& table, int per_axis) : table_(table), size_(table.size) {
    for (int i = 0; i < per_axis * per_axis * per_axis; ++i) {
      auto share = [&](int step) {
        return (static_cast<float>(i / step % per_axis) + 0.5f) / static_cast<float>(per_axis);
      };
      spots_.push_back(spot_at({share(1), share(per_axis), share(per_axis * per_axis)}, size_));
    }
  }

  void run(const ColorFunction& function) {
    read_nodes();
    sample(function);
    for (int i = 0; i < rounds; ++i) improve(1.5f, 0.0f);
    for (int i = 0; i < rounds; ++i) improve(0.5f, 1.0f / tolerated);
    write_nodes();
  }

 private:
  static constexpr int rounds = 12;  // enough: each leaves at most two thirds of what is left to gain
  static constexpr float tolerated = 1.5e-3f;

  int cells() const { return size_ - 1; }

  template <class Body>
  void for_spots_of_slab(int b, const Body& body) const {
    std::size_t i = static_cast<std::size_t>(b) * cells() * cells() * spots_.size();
    for (int g = 0; g < cells(); ++g)
      for (int r = 0; r < cells(); ++r)
        for (const Spot& s : spots_) body((b * size_ + g) * size_ + r, s, i++);
  }

  // Slabs that touch no common node, at once: the sums have one order for any number of threads.
  template <class Body>
  void for_spots(const Body& body) const {
    for (int first : {0, 1})
      parallel_for((cells() - first + 1) / 2, 0, [&](int i) { for_spots_of_slab(2 * i + first, body); });
  }

  void read_nodes() {
    for (std::size_t i = 0; i < table_.nodes.size(); i += 4)
      nodes_.push_back({table_.nodes[i], table_.nodes[i + 1], table_.nodes[i + 2]});
  }

  void write_nodes() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (is_gray(i)) continue;
      table_.nodes[4 * i] = nodes_[i].r, table_.nodes[4 * i + 1] = nodes_[i].g, table_.nodes[4 * i + 2] = nodes_[i].b;
    }
  }

  bool is_gray(std::size_t node) const { return node % (static_cast<std::size_t>(size_) * size_ + size_ + 1) == 0; }

  void sample(const ColorFunction& function) {
    std::vector<Color> colors(static_cast<std::size_t>(cells()) * cells() * cells() * spots_.size());
    const float unit = 1.0f / static_cast<float>(cells());
    for_spots([&](int cell, const Spot& s, std::size_t i) {
      colors[i] =
          Color{static_cast<float>(cell % size_) + s.share.r, static_cast<float>(cell / size_ % size_) + s.share.g,
                static_cast<float>(cell / size_ / size_) + s.share.b} *
          unit;
    });
    wanted_ = function(colors);
    for (Color& c : wanted_) c = clipped(c);
  }

  // Gives every node a share of the weighted mean of the errors around it. Where nodes cannot follow a bend, what is
  // far off counts more (sums of fourth powers): the worst color comes nearer, the mean hardly moves. Such weights grow
  // with what they shall mend, hence the smaller share then.
  void improve(float share, float per_error) {
    errors_.assign(nodes_.size(), Color{0, 0, 0});
    weight_.assign(nodes_.size(), 0.0f);
    for_spots([&](int cell, const Spot& s, std::size_t i) {
      Color sum{0, 0, 0};
      for (int j = 0; j < 4; ++j) sum = sum + nodes_[cell + s.node[j]] * s.weight[j];
      const Color error = wanted_[i] - clipped(sum), far = error * per_error;
      const float counts = 1.0f + far.r * far.r + far.g * far.g + far.b * far.b;
      for (int j = 0; j < 4; ++j) {
        const float weight = s.weight[j] * counts;
        errors_[cell + s.node[j]] = errors_[cell + s.node[j]] + error * weight;
        weight_[cell + s.node[j]] += weight;
      }
    });
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (!is_gray(i)) nodes_[i] = nodes_[i] + errors_[i] * (share / std::max(weight_[i], 1e-6f));
  }

  CubeTable& table_;
  const int size_;
  std::vector<Spot> spots_;
  std::vector<Color> nodes_, wanted_, errors_;
  std::vector<float> weight_;
};

}  // namespace

void fit_nodes(CubeTable& table, const ColorFunction& function) {
  constexpr double usual = 1e6, most = 2.5e6;  // colors; sampled tables beyond are near enough
  const double cells = std::pow(table.size - 1.0, 3);
  const int per_axis = std::clamp(static_cast<int>(std::cbrt(usual / cells)), 2, 6);
  if (cells * per_axis * per_axis * per_axis <= most) Fit(table, per_axis).run(function);
}

}  // namespace sfumato
