// SPDX-License-Identifier: Apache-2.0
#include "grade/lattice.h"

#include <algorithm>
#include <cmath>

#include "base/threads.h"
#include "files/lut_file.h"
#include "lane/scalar.h"

namespace sfumato {
namespace {

using Plane = std::vector<float>;

float dot(const Plane& p, const Plane& q) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += static_cast<double>(p[i]) * q[i];
  return static_cast<float>(sum);
}

// One round's symmetric equations of one channel's nodes; those of all channels have the same left side.
class Equations {
 public:
  Equations(int size, const ResidualOptions& o)
      : size_(size), o_(o), link_(8, Plane(static_cast<std::size_t>(size) * size * size)) {}

  void add(const Corners& c, float weight) {
    for (int a = 0; a < 4; ++a) {
      int direction = 0;
      for (int b = a; b < 4; ++b) {
        if (b > a) direction |= axis_of(c.node[b] - c.node[b - 1]);
        link_[direction][c.node[a]] += weight * c.share[a] * c.share[b];
      }
    }
  }

  // Conjugate gradients, preconditioned by the diagonal, from where x is.
  void solve(const Plane& right, Plane& x) const {
    const std::size_t count = x.size();
    Plane rest(count), step(count), direction(count), product(count), scale(count), bend(count);
    for (std::size_t i = 0; i < count; ++i) scale[i] = 1 / (link_[0][i] + o_.loyalty + 18 * o_.smoothness);
    const auto precondition = [&] {
      for (std::size_t i = 0; i < count; ++i) step[i] = rest[i] * scale[i];
    };
    apply(x, product, bend);
    for (std::size_t i = 0; i < count; ++i) rest[i] = right[i] - product[i];
    precondition();
    direction = step;
    float size = dot(rest, step);
    const float enough = size * o_.tolerance * o_.tolerance;
    for (int round = 0; round < o_.iterations && size > enough; ++round) {
      apply(direction, product, bend);
      const float length = size / dot(direction, product);
      for (std::size_t i = 0; i < count; ++i) {
        x[i] += direction[i] * length;
        rest[i] -= product[i] * length;
      }
      precondition();
      const float next = dot(rest, step), turn = next / size;
      size = next;
      for (std::size_t i = 0; i < count; ++i) direction[i] = step[i] + direction[i] * turn;
    }
  }

 private:
  // A bit for each axis; corners follow each other along one.
  int axis_of(int step) const { return step == 1 ? 1 : step == size_ ? 2 : 4; }
  int step_to(int direction) const {
    return (direction & 1) + (direction >> 1 & 1) * size_ + (direction >> 2) * size_ * size_;
  }

  // bend: for second differences.
  void apply(const Plane& v, Plane& out, Plane& bend) const {
    const int count = static_cast<int>(v.size());
    for (int i = 0; i < count; ++i) out[i] = v[i] * (o_.loyalty + link_[0][i]);
    for (int direction = 1; direction < 8; ++direction) {
      const int step = step_to(direction);
      add_product(count - step, link_[direction].data(), v.data() + step, out.data());
      add_product(count - step, link_[direction].data(), v.data(), out.data() + step);
    }
    for (int axis = 0, step = 1; axis < 3; ++axis, step *= size_) {
      // The gradient of the squared second differences along one axis, which borders have none of.
      for (int row = 0; row < count; row += step * size_) {
        std::fill_n(bend.begin() + row, step, 0.0f);
        std::fill_n(bend.begin() + row + step * (size_ - 1), step, 0.0f);
        for (int i = row + step; i < row + step * (size_ - 1); ++i)
          bend[i] = (v[i - step] - 2 * v[i] + v[i + step]) * o_.smoothness;
      }
      for (int i = 0; i < count; ++i) out[i] -= 2 * bend[i];
      for (int i = step; i < count; ++i) out[i - step] += bend[i];
      for (int i = step; i < count; ++i) out[i] += bend[i - step];
    }
  }

  static void add_product(int count, const float* __restrict a, const float* __restrict b, float* __restrict out) {
    for (int i = 0; i < count; ++i) out[i] += a[i] * b[i];
  }

  const int size_;
  const ResidualOptions& o_;
  std::vector<Plane> link_;  // [direction][node]: to the node one step on along these axes; 0: to itself
};

// What the table misses, and how much that counts.
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
  void solve(std::array<Plane, 3>& change) const {
    Equations equations(size_, o_);
    for (std::size_t i = 0; i < corners_.size(); ++i) equations.add(corners_[i], weight_[i]);
    parallel_for(3, 0, [&](int channel) {
      Plane right(change[channel].size());
      for (std::size_t i = 0; i < corners_.size(); ++i)
        for (int k = 0; k < 4; ++k)
          right[corners_[i].node[k]] += corners_[i].share[k] * weight_[i] * part(missing_[i], channel);
      equations.solve(right, change[channel]);
    });
  }

  // Lessens the weight of samples that the change leaves far off; it may go beyond those that are clipped.
  void reweight(const std::array<Plane, 3>& change) {
    for (std::size_t i = 0; i < corners_.size(); ++i) {
      const Color made{at(change[0], corners_[i]), at(change[1], corners_[i]), at(change[2], corners_[i])},
          e = samples_.missing(i, start_[i] + made);
      missing_[i] = made + e;
      const float distance = std::sqrt(e.r * e.r + e.g * e.g + e.b * e.b),
                  usual = o_.huber + 2 * std::sqrt(samples_.disagreement[i]);
      weight_[i] = base_weight_[i] * std::min(1.0f, usual / std::max(distance, 1e-9f));
    }
  }

 private:
  static float at(const Plane& v, const Corners& c) {
    return v[c.node[0]] * c.share[0] + v[c.node[1]] * c.share[1] + v[c.node[2]] * c.share[2] +
           v[c.node[3]] * c.share[3];
  }

  const int size_;
  const ResidualOptions& o_;
  const Samples& samples_;
  std::vector<Corners> corners_;
  Plane weight_, base_weight_;
  std::vector<Color> start_, missing_;
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
    set_node(t, node, place);
  }
  return t;
}

void fit_residual(CubeTable& table, const Samples& samples, const ResidualOptions& options) {
  Problem problem(table, samples, options);
  std::array<Plane, 3> change;
  change.fill(Plane(static_cast<std::size_t>(table.size) * table.size * table.size));
  for (int round = 0; round < options.rounds; ++round) {
    if (round > 0) problem.reweight(change);
    problem.solve(change);
  }
  for (int channel = 0; channel < 3; ++channel)
    for (std::size_t i = 0; i < change[channel].size(); ++i) table.nodes[i * 4 + channel] += change[channel][i];
}

}  // namespace sfumato
