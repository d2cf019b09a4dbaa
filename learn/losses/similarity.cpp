// SPDX-License-Identifier: Apache-2.0
#include "losses/similarity.h"

#include "lane/pixel.h"

namespace sfumato {
namespace {

namespace F = torch::nn::functional;
constexpr std::int64_t reduced_side = 24;

// [..., H, W] of [..., 3, H, W].
torch::Tensor luma_of(const torch::Tensor& rgb) {
  const torch::Tensor weights = torch::tensor(torch::ArrayRef<float>(luma_weights)).view({3, 1, 1});
  return (rgb * weights.to(rgb.device())).sum(-3);
}

// [H * W, 5] of one picture [3, H, W]: color, and how luma changes to the right and down.
torch::Tensor points(const torch::Tensor& picture) {
  const torch::Tensor luma = luma_of(picture);
  const torch::Tensor padded = F::pad(luma.view({1, 1, luma.size(0), luma.size(1)}),
                                      F::PadFuncOptions({0, 1, 0, 1}).mode(torch::kReplicate))[0][0];
  const torch::Tensor right = padded.slice(0, 0, -1).slice(1, 1) - luma,
                      down = padded.slice(0, 1).slice(1, 0, -1) - luma;
  return torch::cat({picture.flatten(1), right.reshape({1, -1}), down.reshape({1, -1})}).t();
}

}  // namespace

torch::Tensor luma_difference(const torch::Tensor& picture, const torch::Tensor& photo) {
  return luma_of(picture - photo).abs().mean();
}

torch::Tensor cosine_costs(const torch::Tensor& x, const torch::Tensor& y) {
  const auto unit = [](const torch::Tensor& t) { return t / t.norm(2, 1, true).clamp_min(1e-8); };
  return 1 - unit(x).matmul(unit(y).t());
}

torch::Tensor self_similarity(const torch::Tensor& x, const torch::Tensor& y) {
  const auto shares = [](const torch::Tensor& t) {
    const torch::Tensor d = cosine_costs(t, t).clamp_min(0);
    return d / d.sum(0, true).clamp_min(1e-8);
  };
  return static_cast<double>(x.size(0)) * (shares(x) - shares(y)).abs().mean();
}

torch::Tensor picture_self_similarity(const torch::Tensor& picture, const torch::Tensor& photo) {
  const std::vector<std::int64_t> size{std::min(reduced_side, photo.size(2)), std::min(reduced_side, photo.size(3))};
  const torch::Tensor a = torch::adaptive_avg_pool2d(picture, size), b = torch::adaptive_avg_pool2d(photo, size);
  torch::Tensor sum;
  for (std::int64_t i = 0; i < a.size(0); ++i) {
    const torch::Tensor part = self_similarity(points(a[i]), points(b[i]));
    sum = sum.defined() ? sum + part : part;
  }
  return sum / static_cast<double>(a.size(0));
}

}  // namespace sfumato
