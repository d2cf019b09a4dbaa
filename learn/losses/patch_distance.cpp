// SPDX-License-Identifier: Apache-2.0
#include "losses/patch_distance.h"

namespace sfumato {
namespace {

// Patches at every `stride`-th place.
torch::Tensor distance_at(const torch::Tensor& picture, const torch::Tensor& target, at::Generator random, int count,
                          std::int64_t stride) {
  constexpr int side = 7;
  torch::Tensor directions = torch::randn({count, 3, side, side}, random);
  directions = directions - directions.mean({2, 3}, true);
  directions = (directions / directions.flatten(1).norm(2, 1).view({-1, 1, 1, 1})).to(picture.device());
  const torch::Tensor first = torch::randint(stride, {2}, random, torch::kLong);
  const std::int64_t y = first[0].item<std::int64_t>(), x = first[1].item<std::int64_t>();
  // Each picture's patches apart: [count, B, places].
  const auto sorted = [&](const torch::Tensor& t) {
    const torch::Tensor p = torch::conv2d(t.slice(2, y).slice(3, x), directions, {}, stride);
    return std::get<0>(p.flatten(2).sort(2));
  };
  torch::Tensor wanted;
  {
    torch::NoGradGuard no_grad;
    wanted = sorted(target);
  }
  return (sorted(picture) - wanted).abs().mean();
}

}  // namespace

torch::Tensor patch_distance(const torch::Tensor& picture, const torch::Tensor& target, at::Generator random,
                             int scales, int count) {
  torch::Tensor a = picture, b = target, sum;
  for (int scale = 0; scale < scales; ++scale) {
    const torch::Tensor part = distance_at(a, b, random, count, std::int64_t{1} << (scales - 1 - scale));
    sum = sum.defined() ? sum + part : part;
    a = torch::avg_pool2d(a, 2), b = torch::avg_pool2d(b, 2);
  }
  return sum / scales;
}

}  // namespace sfumato
