// SPDX-License-Identifier: Apache-2.0
#include "grade/dense_solver.h"

#include <dnnl.h>

#include <Eigen/Cholesky>

#include "base/openmp_threads.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using Block = Eigen::Ref<DenseMatrix, 0, Eigen::OuterStride<>>;
using ConstBlock = Eigen::Ref<const DenseMatrix, 0, Eigen::OuterStride<>>;

constexpr Eigen::Index block = 128;

// c += sign * op(a) * op(b)
void add_product(float sign, bool turns_a, const ConstBlock& a, bool turns_b, const ConstBlock& b, Block c) {
  const OpenMpThreads threads(is_in_parallel_for() ? 1 : 0);
  const Eigen::Index inner = turns_a ? a.rows() : a.cols();
  if (dnnl_sgemm(turns_a ? 'T' : 'N', turns_b ? 'T' : 'N', c.rows(), c.cols(), inner, sign, a.data(), a.outerStride(),
                 b.data(), b.outerStride(), 1.0f, c.data(), c.outerStride()) != dnnl_success)
    throw Error(Code::resource, "a matrix product failed; expected enough memory");
}

// The lower triangle becomes the factor.
void factor(DenseMatrix& m) {
  const Eigen::Index n = m.rows();
  for (Eigen::Index k = 0; k < n; k += block) {
    const Eigen::Index size = std::min(block, n - k), rest = n - k - size;
    const Eigen::LLT<DenseMatrix> corner(m.block(k, k, size, size));
    m.block(k, k, size, size) = corner.matrixL();
    if (rest == 0) continue;
    auto panel = m.block(k + size, k, rest, size);
    corner.matrixU().solveInPlace<Eigen::OnTheRight>(panel);
    for (Eigen::Index j = k + size; j < n; j += block) {
      const Eigen::Index width = std::min(block, n - j);
      add_product(-1, false, m.block(j, k, n - j, size), true, m.block(j, k, width, size), m.block(j, j, n - j, width));
    }
  }
}

}  // namespace

void add_equations(const DenseMatrix& rows, const Eigen::VectorXf& target, DenseMatrix& normal,
                   Eigen::VectorXf& right) {
  const Eigen::Index n = normal.rows();
  constexpr Eigen::Index columns = 4 * block;
  for (Eigen::Index j = 0; j < n; j += columns) {
    const Eigen::Index width = std::min(columns, n - j);
    add_product(1, true, rows.rightCols(n - j), false, rows.middleCols(j, width), normal.block(j, j, n - j, width));
  }
  right += rows.transpose() * target;
}

Eigen::VectorXf solve_equations(const DenseMatrix& normal, const Eigen::VectorXf& right) {
  DenseMatrix factors = normal;
  factor(factors);
  const auto solved = [&](Eigen::VectorXf v) {
    factors.triangularView<Eigen::Lower>().solveInPlace(v);
    factors.transpose().triangularView<Eigen::Upper>().solveInPlace(v);
    return v;
  };
  Eigen::VectorXf x = solved(right);
  // Once more for what single precision left.
  x += solved(right - normal.selfadjointView<Eigen::Lower>() * x);
  return x;
}

}  // namespace sfumato
