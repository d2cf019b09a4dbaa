// SPDX-License-Identifier: Apache-2.0
#include <dnnl.h>

#include <Eigen/Cholesky>
#include <cmath>

#include "base/threads.h"
#include "files/lut_file.h"
#include "grade/lattice.h"
#include "grade/random_looks.h"
#include "lane/scalar.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Row-major products through oneDNN, which picks the best instructions at run time.
void add_product(bool transpose_a, const Matrix& a, const Matrix& b, float beta, Matrix& c) {
  const Eigen::Index inner = transpose_a ? a.rows() : a.cols();
  if (dnnl_sgemm(transpose_a ? 'T' : 'N', 'N', c.rows(), c.cols(), inner, 1.0f, a.data(), a.cols(), b.data(), b.cols(),
                 beta, c.data(), c.cols()) != dnnl_success)
    throw Error(Code::resource, "a matrix product failed; expected enough memory");
}

// One row per sample and channel: what each random look deviates there, and what the samples deviate from their mean.
struct Equations {
  Matrix looks, target;
};

Equations equations_of(const CubeTable& mean, const Samples& s, const ExpectationOptions& o) {
  const LookSample& prior = look_sample();
  Equations e{Matrix::Zero(static_cast<Eigen::Index>(3 * s.size()), prior.count),
              Matrix(static_cast<Eigen::Index>(3 * s.size()), 1)};
  parallel_for(static_cast<int>(s.size()), 0, [&](int i) {
    if (!s.is_whole(i)) {
      for (int c = 0; c < 3; ++c) e.target(3 * i + c, 0) = 0;
      return;
    }
    const float weight = 1.0f / std::sqrt(o.misfit * o.misfit + o.pixel_noise * o.pixel_noise / s.count[i]);
    const Corners corners = corners_of(mean, s.before[i]);
    for (int k = 0; k < 4; ++k) {
      const float* from = prior.values.data() + static_cast<std::size_t>(corners.node[k]) * 3 * prior.count;
      float* to = e.looks.data() + static_cast<std::size_t>(i) * 3 * prior.count;
      const float share = corners.share[k] * weight;
      for (int j = 0; j < 3 * prior.count; ++j) to[j] += share * from[j];
    }
    const Color missing = (s.after[i] - table3(&mean, s.before[i])) * weight;
    e.target(3 * i, 0) = missing.r, e.target(3 * i + 1, 0) = missing.g, e.target(3 * i + 2, 0) = missing.b;
  });
  return e;
}

}  // namespace

CubeTable expected_table(const Samples& samples, const ExpectationOptions& options) {
  const LookSample& prior = look_sample();
  CubeTable table = identity_cube(LookSample::nodes_per_axis);
  for (std::size_t i = 0; i < prior.mean.size(); ++i) table.nodes[i / 3 * 4 + i % 3] = prior.mean[i];

  const Equations e = equations_of(table, samples, options);
  // Each look's weight has the variance 1 / count, so that the prior covariance is that of the looks.
  Matrix normal = Matrix::Identity(prior.count, prior.count) * static_cast<float>(prior.count),
         right = Matrix::Zero(prior.count, 1);
  add_product(true, e.looks, e.looks, 1.0f, normal);
  add_product(true, e.looks, e.target, 1.0f, right);
  const Eigen::LLT<Matrix> factors(normal);
  Eigen::VectorXf weights = factors.solve(right.col(0));
  // Once more for what single precision left.
  weights += factors.solve(right.col(0) - normal.selfadjointView<Eigen::Lower>() * weights);
  parallel_for(static_cast<int>(prior.mean.size()), 0, [&](int i) {
    const Eigen::Map<const Eigen::VectorXf> values(prior.values.data() + static_cast<std::size_t>(i) * prior.count,
                                                   prior.count);
    table.nodes[i / 3 * 4 + i % 3] += values.dot(weights);
  });
  return table;
}

}  // namespace sfumato
