// SPDX-License-Identifier: Apache-2.0
#include "train/net_trainer.h"

#include <gtest/gtest.h>

#include <ATen/CPUGeneratorImpl.h>
#include <cmath>

#include "given.h"
#include "losses/patch_distance.h"
#include "losses/similarity.h"

namespace sfumato {
namespace {

Planes waves(double period, double phase, int side = 64) {
  Planes planes;
  for (int c = 0; c < 3; ++c) {
    planes.emplace_back(side, side);
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x)
        planes[c].row(y)[x] = static_cast<float>(0.5 + 0.4 * std::sin((x + (c + 1) * y) / period + phase));
  }
  return planes;
}

NetTrainOptions small(int steps) {
  return {.net = {.width = 0.25f},
          .steps = steps,
          .batch = 2,
          .crop = 48,
          .style_size = 64,
          .threads = 1,
          .device = "cpu",
          .look_every = 4};
}

NetTrainInputs paired() { return {{waves(5, 0), waves(7, 1)}, {waves(5, 0.8), waves(7, 1.8)}, waves(3, 0)}; }

class NetTraining : public FolderTest {};

TEST_F(NetTraining, LearnsPaintingsThatItIsShown) {
  NetTrainOptions o = small(40);
  o.rate = 3e-3;
  const NetTrained trained = NetTrainer(paired(), o).run({});
  ASSERT_EQ(trained.history.size(), 40u);
  EXPECT_LT(trained.history.back().content, 0.75 * trained.history.front().content);
  EXPECT_LT(trained.history.back().style, 0.75 * trained.history.front().style);
}

TEST_F(NetTraining, GoesOnFromItsCheckpointToTheSameNet) {
  const NetTrained whole = NetTrainer(paired(), small(10)).run({});
  NetTrainOptions o = small(10);
  o.checkpoint = at("net.checkpoint");
  EXPECT_THROW(NetTrainer(paired(), o).run([](const NetTrainPoint& p, int) { return p.step < 5; }), Error);
  o.resume = true;
  const NetTrained rest = NetTrainer(paired(), o).run({});
  EXPECT_EQ(rest.history.size(), 5u);
  for (const auto& [name, t] : whole.weights.tensors) EXPECT_EQ(t.values, rest.weights.tensors.at(name).values) << name;
  NetTrainInputs others = paired();
  others.photos.pop_back(), others.targets.pop_back();
  EXPECT_THROW(NetTrainer(others, o), Error);
}

TEST_F(NetTraining, ComparesFeaturesAndTellsLayersThatAreMissing) {
  const auto real = real_data("weights/vgg19_oxford_to_relu3_4.safetensors");
  if (real.empty()) GTEST_SKIP() << no_real_data;
  for (const Similarity similarity : {Similarity::none, Similarity::luma, Similarity::self}) {
    NetTrainOptions o = small(12);
    o.weights = real.string(), o.photographic = true, o.similarity = similarity;
    NetTrainInputs in = paired();
    in.targets.clear();
    const NetTrained trained = NetTrainer(in, o).run({});
    EXPECT_LT(trained.history.back().loss, 0.9 * trained.history.front().loss);
    EXPECT_EQ(trained.history.front().similarity > 0, similarity != Similarity::none);
    ASSERT_EQ(trained.notes.size(), 1u);
    EXPECT_NE(trained.notes[0].find("relu4_3"), std::string::npos);
  }
}

// Color that leaves luma alone costs nothing, and light costs what it changes.
TEST(SimilarityLosses, OfLumaSeesLightAlone) {
  const torch::Tensor photo = torch::full({1, 3, 8, 8}, 0.5f);
  torch::Tensor tinted = photo.clone();
  tinted.select(1, 0) += 0.0587f;
  tinted.select(1, 1) -= 0.0299f;
  EXPECT_NEAR(luma_difference(tinted, photo).item<double>(), 0, 1e-6);
  EXPECT_NEAR(luma_difference(photo + 0.1, photo).item<double>(), 0.1, 1e-6);
}

// Angles between colors do not change when all colors are scaled alike.
TEST(SimilarityLosses, OfItselfIsFreeOfScale) {
  auto random = at::detail::createCPUGenerator(5);
  const torch::Tensor x = torch::rand({40, 5}, random), y = torch::rand({40, 5}, random);
  EXPECT_NEAR(self_similarity(x, x * 3).item<double>(), 0, 1e-4);
  EXPECT_GT(self_similarity(x, y).item<double>(), 0.1);
}

// A picture and its mirror have other pixels and, by directions and their mirrors, nearly the same patches; noise has
// others.
TEST(PatchDistance, KnowsPatchesAndNotPlaces) {
  auto random = at::detail::createCPUGenerator(6);
  torch::Tensor a = torch::zeros({1, 3, 64, 64});
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x)
      for (int c = 0; c < 3; ++c) a[0][c][y][x] = 0.5f + 0.4f * static_cast<float>(std::sin(2 * M_PI * (x + c) / 16));
  const auto seeded = [] { return at::detail::createCPUGenerator(7); };
  EXPECT_NEAR(patch_distance(a, a, seeded()).item<double>(), 0, 1e-9);
  const double moved = patch_distance(torch::roll(a, 16, 3), a, seeded()).item<double>();
  const double noise = patch_distance(torch::rand({1, 3, 64, 64}, random), a, seeded()).item<double>();
  EXPECT_LT(moved, 0.01 * noise);
}

}  // namespace
}  // namespace sfumato
