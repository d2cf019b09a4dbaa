// SPDX-License-Identifier: Apache-2.0
// Large least squares in single precision, on the instructions that oneDNN finds at run time.
#pragma once

#include <Eigen/Core>

namespace sfumato {

using DenseMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Adds rows^T rows to the lower triangle of `normal` and rows^T target to `right`.
void add_equations(const DenseMatrix& rows, const Eigen::VectorXf& target, DenseMatrix& normal, Eigen::VectorXf& right);

// x with normal x = right, of a positive definite matrix whose lower triangle counts.
Eigen::VectorXf solve_equations(const DenseMatrix& normal, const Eigen::VectorXf& right);

}  // namespace sfumato
