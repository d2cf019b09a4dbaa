// SPDX-License-Identifier: Apache-2.0
#include <ATen/CPUGeneratorImpl.h>

#include "losses/style_loss.h"

namespace sfumato {
namespace {

// Sorted rows at `count` equally spaced shares.
torch::Tensor quantiles(const torch::Tensor& values, std::int64_t count) {
  const torch::Tensor sorted = std::get<0>(values.sort(1));
  if (sorted.size(1) == count) return sorted;
  namespace F = torch::nn::functional;
  return F::interpolate(sorted.unsqueeze(0), F::InterpolateFuncOptions()
                                                 .size(std::vector<std::int64_t>{count})
                                                 .mode(torch::kLinear)
                                                 .align_corners(false))
      .squeeze(0);
}

}  // namespace

// As many directions as channels, drawn once [Heitz2021]. Several styles mix as barycenters on each line do: by their
// quantiles.
LayerDistance sliced_distance(const StyleSamples& styles, std::uint64_t seed) {
  const torch::Tensor& first = styles.front().first;
  auto random = at::detail::createCPUGenerator(seed);
  torch::Tensor directions = torch::randn({first.size(0), first.size(0)}, random);
  directions = (directions / directions.norm(2, 1, true)).to(first.device());
  const std::int64_t count = first.size(1);
  torch::Tensor target;
  for (const auto& [f, weight] : styles) {
    const torch::Tensor part = quantiles(directions.matmul(f), count) * weight;
    target = target.defined() ? target + part : part;
  }
  return [=](const torch::Tensor& f) {
    torch::NoGradGuard no_grad;
    const torch::Tensor wanted = quantiles(target, f.size(1));
    torch::AutoGradMode with_grad(true);
    return (std::get<0>(directions.matmul(f).sort(1)) - wanted).square().mean();
  };
}

}  // namespace sfumato
