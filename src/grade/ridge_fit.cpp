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

// One component by one group of numbers.
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

  // One for each ridge.
  std::vector<Component> fits(const Eigen::VectorXd& target) const {
    std::vector<Component> result;
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
      const Eigen::VectorXd dual = vectors_ * (rotated.array() / (values_.array() + ridge * n / 10)).matrix();
      c.weights = scale_.asDiagonal() * (scaled_.transpose() * dual);
      result.push_back(std::move(c));
    }
    return result;
  }

 private:
  Eigen::MatrixXd data_, scaled_, vectors_;
  Eigen::VectorXd scale_, values_;
};

// The mean of the candidates, each weighing by its left-out error (pseudo-BMA [Yao2018], with the likelihood squared,
// which did better). With few photos candidates are so near each other that choosing one is chance.
Component mean_of(const std::vector<Component>& candidates, Eigen::Index photos) {
  double least = 1e300;
  for (const Component& c : candidates) least = std::min(least, c.error);
  Component mean{Eigen::VectorXd::Zero(Descriptor::size), Eigen::VectorXd::Zero(photos), 0};
  double sum = 0;
  for (const Component& c : candidates) {
    const double weight = c.error > least ? std::pow(c.error / least, -static_cast<double>(photos)) : 1;
    mean.weights.head(c.weights.size()) += weight * c.weights;
    mean.left_out += weight * c.left_out;
    sum += weight;
  }
  mean.weights /= sum;
  mean.left_out /= sum;
  return mean;
}

// Shrinks toward 0 as far as leaving out says, and further the nearer the gain is to what chance alone would give.
void shrink(Component& c, const Eigen::VectorXd& target) {
  const double size = c.left_out.squaredNorm(), all = target.squaredNorm();
  double share = size > 0 ? std::clamp(target.dot(c.left_out) / size, 0.0, 1.0) : 0.0;
  const double gain = all > 0 ? 1 - (target - share * c.left_out).squaredNorm() / all : 0.0;
  const double luck = 0.05 + 4.0 / static_cast<double>(target.size());
  const double trust = std::clamp(gain / luck - 0.5, 0.0, 1.0);
  share *= trust * trust * (3 - 2 * trust);
  c.left_out *= share;
  c.weights *= share;
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
    std::vector<Component> candidates;
    for (const Group& group : all)
      for (Component& c : group.fits(along)) candidates.push_back(std::move(c));
    Component fitted = mean_of(candidates, photos);
    shrink(fitted, along);
    weights.leftCols(fitted.weights.size()) += direction * fitted.weights.transpose();
    left_out += fitted.left_out * direction.transpose();
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
