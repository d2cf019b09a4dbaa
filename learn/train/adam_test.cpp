// SPDX-License-Identifier: Apache-2.0
#include "train/adam.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(Adam, TakesTheStepsOfTheFrameworksAdamW) {
  torch::manual_seed(3);
  const auto start = torch::randn({4, 3}), target = torch::randn({4, 3});
  auto ours = start.clone().requires_grad_(true), theirs = start.clone().requires_grad_(true);
  Adam adam({{"w", ours}}, {0.01, 0.9, 0.99, 1e-8, 0.1});
  torch::optim::AdamW reference({theirs},
                                torch::optim::AdamWOptions(0.01).betas({0.9, 0.99}).eps(1e-8).weight_decay(0.1));
  for (int i = 0; i < 50; ++i) {
    (ours - target).pow(2).sum().backward();
    adam.step(1.0);
    reference.zero_grad();
    (theirs - target).pow(2).sum().backward();
    reference.step();
  }
  EXPECT_LT((ours - theirs).abs().max().item<float>(), 1e-5f);
}

TEST(Adam, GoesOnFromItsStateBitForBit) {
  torch::manual_seed(3);
  const auto start = torch::randn({4, 3});
  auto run = [&](bool stops) {
    auto w = start.clone().requires_grad_(true);
    auto adam = std::make_unique<Adam>(NamedTensors{{"w", w}}, Adam::Options{});
    for (int i = 0; i < 20; ++i) {
      if (stops && i == 11) {
        const NamedTensors state = adam->state();
        adam = std::make_unique<Adam>(NamedTensors{{"w", w}}, Adam::Options{});
        adam->set_state(state);
      }
      w.sin().sum().backward();
      adam->step(1.0);
    }
    return w.detach();
  };
  EXPECT_TRUE(torch::equal(run(false), run(true)));
}

}  // namespace
}  // namespace sfumato
