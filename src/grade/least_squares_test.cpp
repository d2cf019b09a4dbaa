// SPDX-License-Identifier: Apache-2.0
// The solvers behind closed-form learning, against what they minimize.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <random>

#include "grade/dense_solver.h"
#include "grade/lattice.h"
#include "lane/scalar.h"

namespace sfumato {
namespace {

TEST(LeastSquares, DenseSolverSolvesAcrossItsBlocks) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  for (const int n : {5, 128, 300}) {
    DenseMatrix rows(2 * n, n), left = DenseMatrix::Identity(n, n);
    Eigen::VectorXf target(2 * n), right = Eigen::VectorXf::Zero(n);
    for (float& v : rows.reshaped()) v = normal(random);
    for (float& v : target) v = normal(random);
    add_equations(rows, target, left, right);
    const Eigen::MatrixXd exact_rows = rows.cast<double>();
    const Eigen::VectorXd expected = (exact_rows.transpose() * exact_rows + Eigen::MatrixXd::Identity(n, n))
                                         .ldlt()
                                         .solve(exact_rows.transpose() * target.cast<double>());
    EXPECT_LT((solve_equations(left, right).cast<double>() - expected).norm(), 1e-5 * expected.norm()) << n;
  }
}

// Without outliers: what fit_residual is documented to minimize, of what it changed.
double cost(const CubeTable& before, const CubeTable& after, const Samples& samples, const ResidualOptions& o) {
  const int n = before.size, step[3]{1, n, n * n};
  double sum = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Color e = samples.after[i] - table3(&after, samples.before[i]);
    sum += std::min(samples.count[i], o.full_count) * (e.r * e.r + e.g * e.g + e.b * e.b);
  }
  const auto change = [&](int node, int c) -> double { return after.nodes[4 * node + c] - before.nodes[4 * node + c]; };
  for (int node = 0; node < n * n * n; ++node)
    for (int c = 0; c < 3; ++c) {
      sum += o.loyalty * std::pow(change(node, c), 2);
      for (const int s : step)
        if (const int place = node / s % n; place > 0 && place < n - 1)
          sum += o.smoothness * std::pow(change(node - s, c) - 2 * change(node, c) + change(node + s, c), 2);
    }
  return sum;
}

TEST(LeastSquares, ResidualTableIsTheMinimum) {
  std::mt19937 random(2);
  std::uniform_real_distribution<float> uniform(0.05f, 0.95f), mild(-0.02f, 0.02f);
  Samples samples;
  for (int i = 0; i < 300; ++i) {
    samples.before.push_back({uniform(random), uniform(random), uniform(random)});
    samples.after.push_back(samples.before.back() + Color{mild(random), mild(random), mild(random)});
    samples.count.push_back(60 * uniform(random));
    samples.disagreement.push_back(0);
  }
  ResidualOptions o;
  o.rounds = 1;
  o.tolerance = 1e-6f;
  const CubeTable before = box_table(5, {0, 0, 0}, {1, 1, 1});
  CubeTable fitted = before;
  fit_residual(fitted, samples, o);
  const double least = cost(before, fitted, samples, o);
  EXPECT_LT(least, 0.9 * cost(before, before, samples, o));
  for (int i = 0; i < 50; ++i) {
    CubeTable moved = fitted;
    for (float& v : moved.nodes) v += 0.1f * mild(random);
    EXPECT_GT(cost(before, moved, samples, o), least);
  }
}

}  // namespace
}  // namespace sfumato
