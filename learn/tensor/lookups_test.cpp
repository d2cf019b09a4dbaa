// SPDX-License-Identifier: Apache-2.0
// Our lookups against the framework's own, where it has one.
#include "tensor/lookups.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

using torch::Tensor;

// [B, C, N] by five-dimensional grid_sample, which places -1 and 1 at the outer faces of the cells.
Tensor sampled(const Tensor& grid, const Tensor& x, const Tensor& y, const Tensor& z) {
  const Tensor at = (torch::stack({x, y, z}, -1) * 2 - 1).view({x.size(0), 1, 1, x.size(1), 3});
  namespace F = torch::nn::functional;
  const auto options =
      F::GridSampleFuncOptions().mode(torch::kBilinear).padding_mode(torch::kBorder).align_corners(false);
  return F::grid_sample(grid, at, options).flatten(2);
}

TEST(SliceGrid, IsTrilinearSamplingWithItsGradients) {
  torch::manual_seed(1);
  const Tensor grid = torch::randn({2, 12, 8, 5, 7}), x = torch::rand({2, 400}), y = torch::rand({2, 400});
  const Tensor z = torch::rand({2, 400}) * 1.2 - 0.1, weight = torch::randn({2, 12, 400});
  std::vector<std::vector<Tensor>> results;
  for (const auto& slice : {slice_grid, sampled}) {
    const Tensor g = grid.clone().requires_grad_(), depth = z.clone().requires_grad_();
    const Tensor out = slice(g, x, y, depth);
    (out * weight).sum().backward();
    results.push_back({out.detach(), g.grad(), depth.grad()});
  }
  for (int i = 0; i < 3; ++i)
    EXPECT_LT((results[0][i] - results[1][i]).abs().max().item<float>(), 2e-4f) << "value, grid, z: " << i;
}

TEST(Pick, IsIndexSelectionWithItsGradient) {
  torch::manual_seed(2);
  const Tensor table = torch::randn({8}), index = torch::randint(0, 8, {500}).to(torch::kFloat),
               weight = torch::randn({500});
  const Tensor ours = table.clone().requires_grad_(), theirs = table.clone().requires_grad_();
  const Tensor a = pick(ours, index), b = theirs.index_select(0, index.to(torch::kLong));
  EXPECT_TRUE(torch::equal(a, b));
  (a * weight).sum().backward(), (b * weight).sum().backward();
  EXPECT_LT((ours.grad() - theirs.grad()).abs().max().item<float>(), 1e-4f);
}

}  // namespace
}  // namespace sfumato
