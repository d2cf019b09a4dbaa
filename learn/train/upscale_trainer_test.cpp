// SPDX-License-Identifier: Apache-2.0
#include "train/upscale_trainer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "given.h"

namespace sfumato {
namespace {

// Stripes with sharp edges, which no interpolation restores.
Planes stripes() {
  Planes planes(3, Plane(96, 96));
  for (Plane& p : planes)
    for (int y = 0; y < 96; ++y)
      for (int x = 0; x < 96; ++x) p.row(y)[x] = (x + y / 3) % 11 < 5 ? 0.2f : 0.8f;
  return planes;
}

UpscaleTrainOptions small() {
  return {.net = {.factor = 2, .channels = 16, .blocks = 2},
          .steps = 60,
          .batch = 2,
          .crop = 32,
          .rate = 1e-3,
          .threads = 1,
          .device = "cpu"};
}

// Of the first or of the last ten steps: crops differ.
double mean(const NetTrained& t, double NetTrainPoint::*part, bool last) {
  double sum = 0;
  for (std::size_t i = 0; i < 10; ++i) sum += t.history[last ? t.history.size() - 1 - i : i].*part / 10;
  return sum;
}

TEST(UpscaleTraining, LearnsByPixelsAlone) {
  UpscaleTrainOptions o = small();
  o.steps = 100;
  const NetTrained trained = train_upscaler({stripes()}, o, {});
  EXPECT_LT(mean(trained, &NetTrainPoint::content, true), 0.8 * mean(trained, &NetTrainPoint::content, false));
  EXPECT_EQ(mean(trained, &NetTrainPoint::style, true), 0);
}

// With features beside pixels it ends nearer to what a network sees.
TEST(UpscaleTraining, LearnsWhatANetworkSees) {
  const auto real = real_data("weights/vgg19_oxford_to_relu3_4.safetensors");
  if (real.empty()) GTEST_SKIP() << no_real_data;
  UpscaleTrainOptions o = small();
  o.weights = real.string(), o.perceptual_weight = 1e-6;
  const double by_pixels = mean(train_upscaler({stripes()}, o, {}), &NetTrainPoint::style, true);
  o.perceptual_weight = 1;
  const NetTrained trained = train_upscaler({stripes()}, o, {});
  const double by_features = mean(trained, &NetTrainPoint::style, true);
  EXPECT_LT(by_features, 0.8 * mean(trained, &NetTrainPoint::style, false));
  EXPECT_LT(by_features, by_pixels);
}

}  // namespace
}  // namespace sfumato
