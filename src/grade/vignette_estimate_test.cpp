// SPDX-License-Identifier: Apache-2.0
// Vignettes are found again in pairs that the renderer made, behind colors that were learned across them, and in no
// pairs without one.
#include "grade/vignette_estimate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "grade/choose.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

constexpr int width = 384, height = 256;

// Patches of many colors, each in several places, with a little noise.
Picture scene(int seed, int width) {
  Picture p(width, height, Sample::f32);
  std::mt19937 random(seed);
  std::normal_distribution<float> noise(0.0f, 0.004f);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c) {
        const int patch = x / 23 * (7 + c) + y / 19 * (5 + 2 * c) + c * seed;
        p.samples<float>()[3 * (y * width + x) + c] = 0.2f + 0.1f * static_cast<float>(patch % 6) + noise(random);
      }
  return p;
}

Pair edited(int seed, const std::string& steps, int scene_width = width) {
  Pair pair;
  pair.name = std::to_string(seed);
  pair.before = scene(seed, scene_width);
  const Plan plan(parse_look(R"({"sfumato": 1, "steps": [)" + steps + "]}", "edit"));
  pair.after = rendered(plan, pair.before.view());
  for (std::size_t i = 0; i < pair.after.sample_count(); ++i)
    pair.after.samples<float>()[i] = std::round(pair.after.samples<float>()[i] * 255.0f) / 255.0f;
  return pair;
}

// As `learn` does first.
std::optional<LookStep> found(const std::vector<Pair>& pairs) {
  PairSet set;
  set.pairs = pairs;
  return estimate_vignette(pairs, learn_grade(set).look);
}

TEST(VignetteEstimate, FindsStrengthPlaceAndShapeBehindColors) {
  struct Case {
    double amount, midpoint, roundness;
  };
  for (const Case c : {Case{-0.8, 0.3, 1}, Case{-0.5, 0.5, 0}, Case{0.4, 0.2, 1}}) {
    const auto step =
        found({edited(1, R"({"op": "vignette", "amount": )" + std::to_string(c.amount) + R"(, "midpoint": )" +
                             std::to_string(c.midpoint) + R"(, "roundness": )" + std::to_string(c.roundness) +
                             R"(}, {"op": "exposure", "stops": 0.3}, {"op": "saturation", "amount": 0.4})")});
    ASSERT_TRUE(step.has_value()) << c.amount;
    EXPECT_NEAR(c.amount, step->values[0].preset, 0.1 * std::abs(c.amount));
    EXPECT_NEAR(c.midpoint, step->values[1].preset, 0.06);
    EXPECT_NEAR(c.roundness, step->values[4].preset, 0.1);
  }
}

TEST(VignetteEstimate, IsRoundWhereSquarePicturesDoNotTell) {
  const auto step = found({edited(1, R"({"op": "vignette", "amount": -0.6})", height)});
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(1.0f, step->values[4].preset);
}

TEST(VignetteEstimate, TakesPlainColorsForNone) {
  EXPECT_FALSE(found({edited(1, R"({"op": "exposure", "stops": 0.4}, {"op": "saturation", "amount": -0.5})")}));
  EXPECT_FALSE(found({edited(2, R"({"op": "tone_curve", "contrast": 0.3})"), edited(3, "")}));
}

// Darker above and as it was below: a vignette would mend the upper corners and spoil the lower ones.
TEST(VignetteEstimate, TakesADarkerSkyForNone) {
  Pair pair = edited(1, "");
  for (int y = 0; y < height / 2; ++y)
    for (int i = 0; i < 3 * width; ++i) pair.after.samples<float>()[3 * width * y + i] *= 0.6f + 0.8f * y / height;
  EXPECT_FALSE(found({pair}));
}

// What only one of four pairs has is not of the style.
TEST(VignetteEstimate, WantsItInNearlyAllPairs) {
  const std::string vignette = R"({"op": "vignette", "amount": -0.8})", none = R"({"op": "exposure", "stops": 0.2})";
  EXPECT_FALSE(found({edited(1, none), edited(2, none), edited(3, vignette), edited(4, none)}));
  EXPECT_TRUE(found({edited(1, vignette), edited(2, vignette), edited(3, vignette), edited(4, vignette)}));
}

// Doing nothing is what the report compares with, not the steps before the colors.
TEST(Grade, LearnsColorsBehindStepsThatComeFirst) {
  PairSet set;
  for (int i = 0; i < 3; ++i)
    set.pairs.push_back(edited(i, R"({"op": "vignette", "amount": -1}, {"op": "tone_curve", "contrast": 0.2})"));
  const Learned across = learn_grade(set);
  GradeOptions o;
  o.first = parse_look(R"({"sfumato": 1, "steps": [{"op": "vignette", "amount": -1}]})", "first");
  const Learned behind = learn_grade(set, o);
  EXPECT_EQ("static", behind.report.chosen);
  EXPECT_EQ(across.report.models[0].mean_error, behind.report.models[0].mean_error) << "identity";
  EXPECT_EQ("vignette", behind.report.models[1].name);
  EXPECT_LT(behind.report.pairs[0].left_out_static, 0.3 * across.report.pairs[0].left_out_static);

  for (int i = 0; i < 3; ++i) set.pairs[i] = edited(i, R"({"op": "vignette", "amount": -1})");
  const Learned only = learn_grade(set, o);
  EXPECT_EQ("vignette", only.report.chosen);
  EXPECT_TRUE(only.look.steps.empty());
  for (Pair& pair : set.pairs) pair.after = pair.before;
  EXPECT_EQ("identity", learn_grade(set, o).report.chosen) << "the steps alone are worse than nothing";
}

}  // namespace
}  // namespace sfumato
