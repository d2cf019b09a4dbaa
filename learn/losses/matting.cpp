// SPDX-License-Identifier: Apache-2.0
#include "losses/matting.h"

namespace sfumato {
namespace {

namespace F = torch::nn::functional;
constexpr std::int64_t side = 3, pixels = side * side;

// [N, C, 9] of [1, C, H, W]: the windows that lie within the picture, each less its mean.
torch::Tensor windows(const torch::Tensor& picture) {
  const torch::Tensor all = F::unfold(picture.to(torch::kDouble), F::UnfoldFuncOptions(side))
                                .view({picture.size(1), pixels, -1})
                                .permute({2, 0, 1});
  return (all - all.mean(2, true)).contiguous();
}

}  // namespace

MattingLaplacian::MattingLaplacian(const torch::Tensor& photo, double epsilon) : colors_(windows(photo)) {
  const torch::Tensor covariance = colors_.matmul(colors_.transpose(1, 2)) / pixels;
  inverse_ = torch::linalg_inv(covariance + torch::eye(3, colors_.options()) * (epsilon / pixels));
}

// In each window what is left of V after the best affine map of the photo's colors, the map being drawn to gentle ones
// by epsilon.
torch::Tensor MattingLaplacian::times(const torch::Tensor& picture) const {
  const torch::Tensor v = windows(picture);
  const torch::Tensor map = v.matmul(colors_.transpose(1, 2)).matmul(inverse_) / pixels;  // [N, C, 3]
  const torch::Tensor rest = v - map.matmul(colors_);
  return F::fold(rest.permute({1, 2, 0}).reshape({1, picture.size(1) * pixels, -1}),
                 F::FoldFuncOptions({picture.size(2), picture.size(3)}, side));
}

// L is symmetric: the gradient is 2 L V, which costs one product where automatic differentiation would take three.
torch::Tensor MattingLaplacian::energy(const torch::Tensor& picture) const {
  torch::Tensor product;
  {
    torch::NoGradGuard no_grad;
    product = times(picture);
  }
  return ((2 * picture - picture.detach()).to(torch::kDouble) * product).sum();
}

}  // namespace sfumato
