// SPDX-License-Identifier: Apache-2.0
#include "optimise/tiled_features.h"

#include <gtest/gtest.h>

#include "tensor/net.h"

namespace sfumato {
namespace {

struct Seen {
  Features features;
  torch::Tensor gradient;
};

// The gradient is that of sums of squares, which is another everywhere.
template <class See>
Seen seen(const torch::Tensor& picture, const See& see) {
  const torch::Tensor p = picture.clone().requires_grad_(true);
  Seen all{see(p), {}};
  torch::Tensor sum = torch::zeros({});
  for (const auto& [layer, f] : all.features) sum = sum + f.square().mean();
  sum.backward();
  all.gradient = p.grad();
  return all;
}

double difference(const torch::Tensor& a, const torch::Tensor& b) { return ((a - b).norm() / b.norm()).item<double>(); }

class TiledFeatures : public ::testing::TestWithParam<VggPool> {};

TEST_P(TiledFeatures, AndTheirGradientsAreThoseOfTheWhole) {
  torch::manual_seed(3);
  const NetSpec spec =
      up_to(vgg({.pool = GetParam(), .first_pad = PadMode::reflect}), {"relu1_1", "relu3_2", "relu4_1"});
  const TensorNet net(spec, 11);
  const SeeFeatures see = [&](const torch::Tensor& p) { return net({{"image", p}}); };
  const torch::Tensor picture = torch::rand({1, 3, 139, 205});  // no multiple of the deepest stride
  const Seen whole = seen(picture, see);
  const Seen tiled = seen(picture, [&](const torch::Tensor& p) { return features_in_tiles(see, net.spec(), p, 50); });
  for (const auto& [layer, f] : whole.features) {
    SCOPED_TRACE(layer);
    ASSERT_EQ(tiled.features.at(layer).sizes(), f.sizes());
    EXPECT_LE(difference(tiled.features.at(layer), f), 1e-6);
  }
  // Where a rounding turns a rectifier the gradient jumps.
  EXPECT_LE(difference(tiled.gradient, whole.gradient), 1e-3);
}

INSTANTIATE_TEST_SUITE_P(Pools, TiledFeatures, ::testing::Values(VggPool::max, VggPool::average, VggPool::l2));

TEST(Footprints, AreTheReceptiveFieldsOfVgg) {
  const auto all = footprints(vgg({}));
  EXPECT_EQ(all.at("relu1_1").stride, 1);
  EXPECT_EQ(all.at("relu1_1").before + all.at("relu1_1").after + 1, 3);
  EXPECT_EQ(all.at("relu3_1").before + all.at("relu3_1").after + 1, 24);
  EXPECT_EQ(all.at("relu4_1").stride, 8);
}

}  // namespace
}  // namespace sfumato
