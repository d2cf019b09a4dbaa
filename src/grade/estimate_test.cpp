// SPDX-License-Identifier: Apache-2.0
// Grain and blur, which a loss on pixels cannot learn, are found again in pairs that the renderer made.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "grade/focus_estimate.h"
#include "grade/grain_estimate.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

// Flat and textured patches, with a little noise of its own.
Picture scene(int width, int height, float texture) {
  Picture p(width, height, Sample::f32);
  std::mt19937 random(5);
  std::normal_distribution<float> noise(0.0f, 0.004f);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c) {
        const float patch = 0.25f + 0.1f * static_cast<float>((x / 97 * 7 + y / 83 * 5 + c * 3) % 6);
        const float stripes = texture * std::sin(0.9f * x + 0.31f * y) * std::sin(0.23f * x - 0.7f * y);
        p.samples<float>()[(static_cast<std::size_t>(y) * width + x) * 3 + c] = patch + stripes + noise(random);
      }
  return p;
}

Pair edited(const Picture& before, const char* steps, bool rounds = false) {
  Pair pair;
  pair.before = before;
  pair.after = Picture(before.width(), before.height(), Sample::f32);
  render(Plan(parse_look(std::string(R"({"sfumato": 1, "steps": [)") + steps + "]}", "edit")), before.view(),
         pair.after.view());
  if (rounds)
    for (std::size_t i = 0; i < pair.after.sample_count(); ++i)
      pair.after.samples<float>()[i] = std::round(pair.after.samples<float>()[i] * 255.0f) / 255.0f;
  return pair;
}

TEST(GrainEstimate, FindsAmountSizeAndColor) {
  const Picture before = scene(1800, 1200, 0.0f);
  const Pair pair = edited(before, R"({"op": "grain", "amount": 0.4, "size": 24, "color": 0.3})", true);
  const auto step = estimate_grain(std::span(&pair, 1), Look{});
  ASSERT_TRUE(step.has_value());
  EXPECT_NEAR(0.4f, step->values[0].preset, 0.03f);
  EXPECT_NEAR(24.0f, step->values[1].preset, 2.0f);
  EXPECT_NEAR(0.3f, step->values[2].preset, 0.04f);
}

TEST(GrainEstimate, FindsNoneWhereThereIsNone) {
  const Picture before = scene(1300, 860, 0.0f);
  const Look exposure = parse_look(R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": 0.3}]})", "look");
  Pair pair = edited(before, R"({"op": "exposure", "stops": 0.3})", true);
  EXPECT_FALSE(estimate_grain(std::span(&pair, 1), exposure).has_value());
}

// A look that does not fit leaves some of the photo's own noise and texture in the difference.
TEST(GrainEstimate, TakesNoiseThatMoreContrastBroughtOutForNoGrain) {
  const Picture before = scene(1300, 860, 0.01f);
  for (const char* edit : {R"({"op": "tone_curve", "contrast": 0.6})", R"({"op": "saturation", "amount": 0.7})",
                           R"({"op": "exposure", "stops": 0.8}, {"op": "tone_curve", "contrast": 0.9})"}) {
    const Pair pair = edited(before, edit, true);
    EXPECT_FALSE(estimate_grain(std::span(&pair, 1), Look{}).has_value()) << edit;
  }
}

// Less contrast in some rows hides detail of all sizes; a blur would hide the finest.
TEST(FocusEstimate, TakesLessContrastInSomeRowsForNoBlur) {
  Pair pair;
  pair.before = scene(480, 320, 0.1f);
  pair.after = scene(480, 320, 0.1f);
  for (std::size_t i = 0; i < pair.after.sample_count() / 3; ++i) {
    float& v = pair.after.samples<float>()[i];
    v = 0.5f + 0.6f * (v - 0.5f);
  }
  EXPECT_FALSE(estimate_focus(std::span(&pair, 1), Look{}).has_value());
}

TEST(FocusEstimate, FindsTheBandAndTheBlur) {
  const Pair pair = edited(scene(480, 320, 0.2f),
                           R"({"op": "tilt_shift", "sigma": 6, "center_y": 0.6, "width": 0.2, "falloff": 0.25})");
  const auto step = estimate_focus(std::span(&pair, 1), Look{});
  ASSERT_TRUE(step.has_value());
  EXPECT_NEAR(6.0f, step->values[0].preset, 0.3f);
  EXPECT_NEAR(0.6f, step->values[2].preset, 0.01f);
  EXPECT_NEAR(0.2f, step->values[3].preset, 0.02f);
  EXPECT_NEAR(0.25f, step->values[4].preset, 0.025f);
}

// Compression keeps of the photo's noise what is over a step, and takes the rest.
TEST(GrainEstimate, TakesCompressedNoiseForNoGrain) {
  Pair pair;
  pair.before = scene(1300, 860, 0.0f);
  std::mt19937 random(9);
  std::normal_distribution<float> noise(0.0f, 0.012f);
  std::vector<float> fine(650 * 430);
  for (float& v : fine) v = noise(random);
  const auto at = [&](int x, int y) { return fine[y / 2 * 650 + x / 2]; };
  pair.after = scene(1300, 860, 0.0f);
  for (int y = 0; y < 860; ++y)
    for (int x = 0; x < 1300; ++x)
      for (int c = 0; c < 3; ++c) {
        const std::size_t i = (static_cast<std::size_t>(y) * 1300 + x) * 3 + c;
        pair.before.samples<float>()[i] += at(x, y);
        pair.after.samples<float>()[i] += std::abs(at(x, y)) > 0.012f ? std::copysign(0.016f, at(x, y)) : 0.0f;
      }
  EXPECT_FALSE(estimate_grain(std::span(&pair, 1), Look{}).has_value());
}

// Smaller copies and strong compression are a little soft everywhere.
TEST(FocusEstimate, TakesTheSameSoftnessEverywhereForNoBand) {
  Pair pair = edited(scene(480, 320, 0.1f), R"({"op": "saturation", "amount": 0})");
  const Picture sharp = pair.after;
  const float* from = sharp.samples<float>();
  for (int y = 1; y < 319; ++y)
    for (int i = 3 * (480 * y + 1); i < 3 * (480 * y + 479); ++i) {
      float sum = 0;
      for (const int row : {-3 * 480, 0, 3 * 480})
        sum +=
            (row == 0 ? 0.5f : 0.25f) * (0.25f * from[i + row - 3] + 0.5f * from[i + row] + 0.25f * from[i + row + 3]);
      pair.after.samples<float>()[i] = sum;
    }
  EXPECT_FALSE(estimate_focus(std::span(&pair, 1), Look{}).has_value());
}

// With colors that do not fit, a blur comes nearer to the edit than the sharp picture does.
TEST(FocusEstimate, TakesWrongColorsForNoBlur) {
  const Pair pair = edited(scene(240, 160, 0.2f), R"({"op": "tone_curve", "contrast": -0.8})");
  EXPECT_FALSE(estimate_focus(std::span(&pair, 1), Look{}).has_value());
}

// What adapts to the photo is no blur and no grain.
TEST(Estimates, LookAtEachPairThroughTheLookForItsPhoto) {
  const Look look =
      parse_look(R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": {"from": "key", "target": 0.4}}]})", "look");
  const Picture before = scene(1300, 860, 0.2f);
  Pair pair;
  pair.before = before;
  pair.after = Picture(before.width(), before.height(), Sample::f32);
  render(Plan(for_photo(look, before.view())), before.view(), pair.after.view());
  EXPECT_FALSE(estimate_grain(std::span(&pair, 1), look).has_value());
  EXPECT_FALSE(estimate_focus(std::span(&pair, 1), look).has_value());
}

TEST(FocusEstimate, FindsNoneWhereThereIsNone) {
  const Pair pair = edited(scene(240, 160, 0.2f), R"({"op": "saturation", "amount": 0.2})");
  EXPECT_FALSE(estimate_focus(std::span(&pair, 1), Look{}).has_value());
}

}  // namespace
}  // namespace sfumato
