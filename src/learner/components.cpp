// SPDX-License-Identifier: Apache-2.0
#include "learner/components.h"

#include <Eigen/Eigenvalues>
#include <algorithm>

namespace sfumato {

void find_components(const std::vector<std::vector<float>>& photos, int cells, int kept, LocalEncoder& encoder) {
  constexpr int step = 4;
  const auto channels = static_cast<Eigen::Index>(photos[0].size() / cells);
  const Eigen::Index used = cells / step;
  Eigen::MatrixXf values(channels, used * static_cast<Eigen::Index>(photos.size()));
  for (std::size_t p = 0; p < photos.size(); ++p)
    for (Eigen::Index c = 0; c < channels; ++c)
      for (Eigen::Index i = 0; i < used; ++i)
        // Not the same columns in every row.
        values(c, static_cast<Eigen::Index>(p) * used + i) = photos[p][c * cells + i * step + i / 16 % step];
  const Eigen::VectorXf mean = values.rowwise().mean();
  values.colwise() -= mean;
  const Eigen::MatrixXf covariance = values * values.transpose() / static_cast<float>(values.cols());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> solver(covariance);
  encoder.mean.assign(mean.data(), mean.data() + channels);
  const Eigen::Index most = std::min<Eigen::Index>(kept, channels);
  for (Eigen::Index k = 0; k < most; ++k) {
    const Eigen::VectorXf v = solver.eigenvectors().col(channels - 1 - k);
    encoder.components.insert(encoder.components.end(), v.data(), v.data() + channels);
  }
}

}  // namespace sfumato
