// SPDX-License-Identifier: Apache-2.0
#include "grade/lattice.h"

#include <algorithm>
#include <cmath>

#include "files/lut_file.h"
#include "lane/scalar.h"

namespace sfumato {
namespace {

using Nodes = std::vector<Color>;

float dot(const Nodes& p, const Nodes& q, float Color::*channel) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += static_cast<double>(p[i].*channel) * (q[i].*channel);
  return static_cast<float>(sum);
}

Color dots(const Nodes& p, const Nodes& q) {
  return {dot(p, q, &Color::r), dot(p, q, &Color::g), dot(p, q, &Color::b)};
}

Color quotient(const Color& p, const Color& q) {
  auto part = [](float a, float b) { return b > 1e-30f ? a / b : 0.0f; };
  return {part(p.r, q.r), part(p.g, q.g), part(p.b, q.b)};
}

// The normal equations of one round, applied without being written down.
class Problem {
 public:
  Problem(const CubeTable& table, const Samples& samples, const ResidualOptions& o)
      : size_(table.size), o_(o), samples_(samples) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      corners_.push_back(corners_of(table, samples.before[i]));
      weight_.push_back(std::min(samples.count[i], o.full_count) /
                        (1 + samples.disagreement[i] / (pixel_noise * pixel_noise)));
      start_.push_back(table3(&table, samples.before[i]));
      missing_.push_back(samples.missing(i, start_[i]));
    }
    base_weight_ = weight_;
  }

  // The change of the table that this round finds.
  void solve(Nodes& change) const {
    const std::size_t count = change.size();
    Nodes diagonal(count, Color{1, 1, 1} * (o_.loyalty + 18 * o_.smoothness)), right(count, Color{0, 0, 0}),
        product(count);
    for (std::size_t i = 0; i < corners_.size(); ++i)
      for (int k = 0; k < 4; ++k) {
        const float s = corners_[i].share[k] * weight_[i];
        right[corners_[i].node[k]] = right[corners_[i].node[k]] + missing_[i] * s;
        diagonal[corners_[i].node[k]] = diagonal[corners_[i].node[k]] + s * corners_[i].share[k];
      }
    apply(change, product);
    Nodes rest(count), step(count), direction(count);
    for (std::size_t i = 0; i < count; ++i) rest[i] = right[i] - product[i];
    auto precondition = [&] {
      for (std::size_t i = 0; i < count; ++i) step[i] = quotient(rest[i], diagonal[i]);
    };
    precondition();
    direction = step;
    Color size = dots(rest, step);
    for (int round = 0; round < o_.iterations; ++round) {
      apply(direction, product);
      const Color length = quotient(size, dots(direction, product));
      for (std::size_t i = 0; i < count; ++i) {
        change[i] = change[i] + direction[i] * length;
        rest[i] = rest[i] - product[i] * length;
      }
      precondition();
      const Color next = dots(rest, step), turn = quotient(next, size);
      size = next;
      for (std::size_t i = 0; i < count; ++i) direction[i] = step[i] + direction[i] * turn;
    }
  }

  // Lessens the weight of samples that the change leaves far off; it may go beyond those that are clipped.
  void reweight(const Nodes& change) {
    for (std::size_t i = 0; i < corners_.size(); ++i) {
      const Color made = at(change, corners_[i]), e = samples_.missing(i, start_[i] + made);
      missing_[i] = made + e;
      const float distance = std::sqrt(e.r * e.r + e.g * e.g + e.b * e.b),
                  usual = o_.huber + 2 * std::sqrt(samples_.disagreement[i]);
      weight_[i] = base_weight_[i] * std::min(1.0f, usual / std::max(distance, 1e-9f));
    }
  }

 private:
  static Color at(const Nodes& v, const Corners& c) {
    return v[c.node[0]] * c.share[0] + v[c.node[1]] * c.share[1] + v[c.node[2]] * c.share[2] +
           v[c.node[3]] * c.share[3];
  }

  void apply(const Nodes& v, Nodes& out) const {
    for (std::size_t i = 0; i < v.size(); ++i) out[i] = v[i] * o_.loyalty;
    int step = 1;
    for (int axis = 0; axis < 3; ++axis, step *= size_) bend(v, out, step);
    for (std::size_t i = 0; i < corners_.size(); ++i) {
      const Corners& c = corners_[i];
      const Color e = at(v, c) * weight_[i];
      for (int k = 0; k < 4; ++k) out[c.node[k]] = out[c.node[k]] + e * c.share[k];
    }
  }

  // Adds the gradient of the squared second differences along one axis.
  void bend(const Nodes& v, Nodes& out, int step) const {
    const int count = static_cast<int>(v.size());
    for (int i = step; i < count - step; ++i) {
      const int place = i / step % size_;
      if (place == 0 || place == size_ - 1) continue;
      const Color d = (v[i - step] - v[i] * 2.0f + v[i + step]) * o_.smoothness;
      out[i - step] = out[i - step] + d;
      out[i] = out[i] - d * 2.0f;
      out[i + step] = out[i + step] + d;
    }
  }

  int size_;
  ResidualOptions o_;
  const Samples& samples_;
  std::vector<Corners> corners_;
  std::vector<float> weight_, base_weight_;
  Nodes start_, missing_;
};

}  // namespace

Corners corners_of(const CubeTable& t, const Color& c) {
  const float in[3]{c.r, c.g, c.b};
  const int axis[3]{1, t.size, t.size * t.size};
  float fraction[3];
  int order[3]{0, 1, 2}, node = 0;
  for (int i = 0; i < 3; ++i) {
    const float p = clamp((in[i] - t.low[i]) * t.scale[i], 0.0f, static_cast<float>(t.size - 1));
    const int whole = std::min(static_cast<int>(p), t.size - 2);
    node += whole * axis[i];
    fraction[i] = p - static_cast<float>(whole);
  }
  std::stable_sort(order, order + 3, [&](int a, int b) { return fraction[a] > fraction[b]; });
  Corners result;
  for (int i = 0; i < 4; ++i) {
    result.node[i] = node;
    result.share[i] = (i == 0 ? 1.0f : fraction[order[i - 1]]) - (i == 3 ? 0.0f : fraction[order[i]]);
    if (i < 3) node += axis[order[i]];
  }
  return result;
}

Color node_place(const CubeTable& t, int node) {
  const int at[3]{node % t.size, node / t.size % t.size, node / t.size / t.size};
  float v[3];
  for (int i = 0; i < 3; ++i) v[i] = t.low[i] + static_cast<float>(at[i]) / t.scale[i];
  return {v[0], v[1], v[2]};
}

CubeTable box_table(int size, const Color& low, const Color& high) {
  CubeTable t = identity_cube(size);
  const float from[3]{low.r, low.g, low.b}, to[3]{high.r, high.g, high.b};
  for (int i = 0; i < 3; ++i) {
    t.low[i] = from[i];
    t.scale[i] = static_cast<float>(size - 1) / (to[i] - from[i]);
  }
  for (int node = 0; node < size * size * size; ++node) {
    const Color place = node_place(t, node);
    t.nodes[node * 4] = place.r, t.nodes[node * 4 + 1] = place.g, t.nodes[node * 4 + 2] = place.b;
  }
  return t;
}

void fit_residual(CubeTable& table, const Samples& samples, const ResidualOptions& options) {
  Problem problem(table, samples, options);
  Nodes change(static_cast<std::size_t>(table.size) * table.size * table.size, Color{0, 0, 0});
  for (int round = 0; round < options.rounds; ++round) {
    if (round > 0) problem.reweight(change);
    problem.solve(change);
  }
  for (std::size_t i = 0; i < change.size(); ++i) {
    table.nodes[i * 4] += change[i].r;
    table.nodes[i * 4 + 1] += change[i].g;
    table.nodes[i * 4 + 2] += change[i].b;
  }
}

}  // namespace sfumato
