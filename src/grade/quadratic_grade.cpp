// SPDX-License-Identifier: Apache-2.0
#include "grade/quadratic_grade.h"

#include <Eigen/Dense>
#include <algorithm>

#include "color/lab.h"
#include "color/transfer.h"
#include "lane/scalar.h"
#include "look/values.h"

namespace sfumato {
namespace {

using Basis = Eigen::Matrix<double, 10, 1>;

Eigen::Vector3d lab_of(const Color& c) {
  const auto lab = linear_to_cielab(srgb_decode(Rgb<double>{c.r, c.g, c.b}));
  return {lab.r, lab.g, lab.b};
}

// In the order of quadratic_lab's knobs.
Basis basis_of(const Eigen::Vector3d& c) {
  const double l = c[0], a = c[1], b = c[2];
  return (Basis() << l * l, a * a, b * b, l * a, l * b, a * b, l, a, b, 1).finished();
}

}  // namespace

Look fit_quadratic_grade(std::span<const Samples> pairs) {
  struct Row {
    Basis basis;
    Eigen::Vector3d change;
    double count;
  };
  std::vector<Row> rows;
  for (const Samples& s : pairs)
    for (std::size_t i = 0; i < s.size(); ++i) {
      if (!s.is_whole(i)) continue;
      const Eigen::Vector3d before = lab_of(s.before[i]);
      rows.push_back({basis_of(before), lab_of(s.after[i]) - before, s.count[i]});
    }
  const Eigen::Vector3d units{100, 128, 128};
  Eigen::Matrix<double, 10, 3> k = Eigen::Matrix<double, 10, 3>::Zero();
  double total = 0;
  for (const Row& r : rows) total += r.count;
  for (int round = 0; round < 8; ++round) {
    Eigen::Matrix<double, 10, 10> normal = Eigen::Matrix<double, 10, 10>::Identity() * (1e-6 * total);
    Eigen::Matrix<double, 10, 3> right = Eigen::Matrix<double, 10, 3>::Zero();
    for (const Row& r : rows) {
      const Eigen::Vector3d miss = (k.transpose() * r.basis - r.change).cwiseProduct(units);
      const double weight = r.count / std::sqrt(miss.squaredNorm() + 1);
      normal += weight * r.basis * r.basis.transpose();
      right += weight * r.basis * r.change.transpose();
    }
    k = normal.ldlt().solve(right);
  }
  Look look;
  LookStep step = initial_step(*find_op("quadratic_lab"));
  for (int i = 0; i < 30; ++i)
    step.values[i] = KnobValue::fixed(static_cast<float>(std::clamp(k(i % 10, i / 10), -2.0, 2.0)));
  look.steps.push_back(std::move(step));
  return look;
}

}  // namespace sfumato
