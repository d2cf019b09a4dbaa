// SPDX-License-Identifier: Apache-2.0
#include "losses/patch_distance.h"

namespace sfumato {

torch::Tensor patch_distance(const torch::Tensor& picture, const torch::Tensor& target, at::Generator random,
                             int count) {
  constexpr int side = 7;
  torch::Tensor directions = torch::randn({count, 3, side, side}, random);
  directions = (directions / directions.flatten(1).norm(2, 1).view({-1, 1, 1, 1})).to(picture.device());
  const auto sorted = [&](const torch::Tensor& t) {
    return std::get<0>(torch::conv2d(t, directions).transpose(0, 1).flatten(1).sort(1));
  };
  return (sorted(picture) - sorted(target)).square().mean();
}

}  // namespace sfumato
