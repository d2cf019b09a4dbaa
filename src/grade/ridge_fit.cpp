// SPDX-License-Identifier: Apache-2.0
#include "grade/ridge_fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "measure/descriptor.h"

namespace sfumato {
namespace {

// Descriptor numbers that are tried together, the few telling ones first.
constexpr int groups[]{Descriptor::key, Descriptor::key + Descriptor::quantiles, Descriptor::size};
constexpr double ridges[]{0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10};

struct Component {
  Eigen::VectorXd weights;   // on centered descriptors
  Eigen::VectorXd left_out;  // predictions
  double error = 0;          // squared, of left_out
};

// One component by one group: the best ridge.
class Group {
 public:
  Group(const Eigen::MatrixXd& centered, int size) : data_(centered.leftCols(size)), scale_(size) {
    const double n = static_cast<double>(data_.rows());
    for (int d = 0; d < size; ++d) {
      const double deviation = std::sqrt(data_.col(d).squaredNorm() / n);
      scale_[d] = deviation > 1e-6 ? 1 / (deviation * std::sqrt(size)) : 0;
    }
    scaled_ = data_ * scale_.asDiagonal();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(scaled_ * scaled_.transpose());
    vectors_ = solver.eigenvectors();
    values_ = solver.eigenvalues().cwiseMax(0);
  }

  Component fit(const Eigen::VectorXd& target) const {
    Component best;
    best.error = 1e300;
    const double n = static_cast<double>(target.size());
    const Eigen::VectorXd rotated = vectors_.transpose() * target;
    for (const double ridge : ridges) {
      const Eigen::VectorXd kept = (values_.array() / (values_.array() + ridge * n / 10)).matrix();
      const Eigen::VectorXd fitted = vectors_ * kept.cwiseProduct(rotated);
      Component c;
      c.left_out.resize(target.size());
      for (Eigen::Index i = 0; i < target.size(); ++i) {
        // The mean is estimated as well: 1 / n of leverage.
        const double leverage = vectors_.row(i).cwiseAbs2().dot(kept) + 1 / n;
        c.left_out[i] = target[i] - (target[i] - fitted[i]) / std::max(1 - leverage, 1e-9);
      }
      c.error = (target - c.left_out).squaredNorm();
      if (c.error >= best.error) continue;
      const Eigen::VectorXd dual = vectors_ * (rotated.array() / (values_.array() + ridge * n / 10)).matrix();
      c.weights = scale_.asDiagonal() * (scaled_.transpose() * dual);
      best = c;
    }
    return best;
  }

 private:
  Eigen::MatrixXd data_, scaled_, vectors_;
  Eigen::VectorXd scale_, values_;
};

// Shrinks toward 0 as far as leaving out says; to 0 where the gain may be luck.
void shrink(Component& c, const Eigen::VectorXd& target) {
  const double size = c.left_out.squaredNorm();
  const double share = size > 0 ? std::clamp(target.dot(c.left_out) / size, 0.0, 1.0) : 0.0;
  c.left_out *= share;
  c.weights *= share;
  c.error = (target - c.left_out).squaredNorm();
  if (c.error < target.squaredNorm() * (0.95 - 4.0 / static_cast<double>(target.size()))) return;
  c.left_out.setZero();
  c.weights.setZero();
  c.error = target.squaredNorm();
}

}  // namespace

RidgeFit fit_ridge(const std::vector<std::vector<float>>& descriptors, const std::vector<std::vector<float>>& knobs) {
  const auto photos = static_cast<Eigen::Index>(knobs.size()), count = static_cast<Eigen::Index>(knobs[0].size());
  Eigen::MatrixXd data(photos, Descriptor::size), target(photos, count);
  for (Eigen::Index i = 0; i < photos; ++i) {
    for (int d = 0; d < Descriptor::size; ++d) data(i, d) = descriptors[i][d];
    for (Eigen::Index k = 0; k < count; ++k) target(i, k) = knobs[i][k];
  }
  const Eigen::RowVectorXd mean = data.colwise().mean();
  data.rowwise() -= mean;

  std::vector<Group> all;
  for (const int size : groups) all.emplace_back(data, size);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> axes(target.transpose() * target);
  Eigen::MatrixXd weights = Eigen::MatrixXd::Zero(count, Descriptor::size),
                  left_out = Eigen::MatrixXd::Zero(photos, count);
  for (Eigen::Index axis = 0; axis < count; ++axis) {
    const Eigen::VectorXd direction = axes.eigenvectors().col(axis), along = target * direction;
    Component best;
    best.error = 1e300;
    for (const Group& group : all)
      if (Component c = group.fit(along); c.error < 0.97 * best.error) best = std::move(c);
    shrink(best, along);
    weights.leftCols(best.weights.size()) += direction * best.weights.transpose();
    left_out += best.left_out * direction.transpose();
  }

  RidgeFit fit;
  fit.explained = 1 - (target - left_out).squaredNorm() / std::max(target.squaredNorm(), 1e-12);
  for (Eigen::Index d = 0; d < mean.size(); ++d) fit.mean.push_back(static_cast<float>(mean[d]));
  for (Eigen::Index k = 0; k < count; ++k)
    for (int d = 0; d < Descriptor::size; ++d) fit.weights.push_back(static_cast<float>(weights(k, d)));
  for (Eigen::Index i = 0; i < photos; ++i) {
    std::vector<float> row;
    for (Eigen::Index k = 0; k < count; ++k) row.push_back(static_cast<float>(left_out(i, k)));
    fit.left_out.push_back(std::move(row));
  }
  return fit;
}

}  // namespace sfumato
