// SPDX-License-Identifier: Apache-2.0
#include "losses/cdf.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

// The whole table of distances at once, as the definition says.
torch::Tensor by_definition(const torch::Tensor& v, const SoftBins& b) {
  const auto centers = torch::arange(b.count, torch::kDouble) / (b.count - 1);
  const auto d = v.clamp(0, 1).unsqueeze(2) - centers;
  const auto share = torch::softmax(-0.5 * d * d / (b.sigma * b.sigma), 2);
  return share.mean(1).cumsum(1);
}

TEST(SoftCdf, IsItsDefinitionForAnyNumberOfBins) {
  torch::manual_seed(1);
  const auto v = torch::rand({3, 500}, torch::kDouble) * 1.2 - 0.1;
  for (const SoftBins b : {SoftBins{8, 0.1}, SoftBins{64, 0.02}, SoftBins{256, 0.01}, SoftBins{1000, 0.0005}})
    EXPECT_LT((soft_cdf(v, b) - by_definition(v, b)).abs().max().item<double>(), 2e-6) << b.count;
}

TEST(SoftCdf, HasTheGradientOfItsDefinition) {
  torch::manual_seed(2);
  for (const SoftBins b : {SoftBins{16, 0.05}, SoftBins{64, 0.02}}) {
    auto v = (torch::rand({2, 200}, torch::kDouble)).requires_grad_(true), w = v.detach().clone().requires_grad_(true);
    const auto weight = torch::randn({2, b.count}, torch::kDouble);
    (soft_cdf(v, b) * weight).sum().backward();
    (by_definition(w, b) * weight).sum().backward();
    EXPECT_LT((v.grad() - w.grad()).abs().max().item<double>(), 1e-5 * w.grad().abs().max().item<double>());
  }
}

// The distance between two distributions of which one is the other, moved, is the way it moved.
TEST(SoftCdf, LossMeasuresAShiftOfTones) {
  const auto a = torch::linspace(0.2, 0.6, 4000, torch::kDouble).expand({1, 3, -1});
  EXPECT_NEAR(cdf_loss(a, a + 0.1, {256, 0.005}).item<double>(), 0.1 * 255.0 / 256.0, 1e-3);
  EXPECT_EQ(cdf_loss(a, a).item<double>(), 0.0);
}

}  // namespace
}  // namespace sfumato
