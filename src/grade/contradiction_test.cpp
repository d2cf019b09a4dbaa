// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "grade/choose.h"
#include "grade/static_grade.h"
#include "render/colors.h"
#include "tests/pairs_of_colors.h"

namespace sfumato {
namespace {

TEST(Contradiction, IsNotTakenWhenPairsContradictEachOther) {
  PairSet set;
  for (unsigned i = 0; i < 4; ++i)
    set.pairs.push_back(
        pair_of(photo(i), look_of(i % 2 ? R"({"op": "exposure", "stops": 1})" : R"({"op": "exposure", "stops": -1})")));
  const Learned learned = learn_grade(set);
  double worst = 0;
  for (const auto& p : learned.report.pairs) worst = std::max(worst, p.fitted / p.input);
  EXPECT_LE(worst, 1.001);
}

// Two edits of one photo: what they make of a color lies as far from its mean as half their distance.
TEST(Contradiction, MeasuresContradiction) {
  Samples twice[2];
  for (int i = 0; i < 2; ++i)
    twice[i] = sample_pair(
        pair_of(photo(1), look_of(i ? R"({"op": "exposure", "stops": 0.5})" : R"({"op": "exposure", "stops": -0.5})")));
  ASSERT_EQ(twice[0].before.size(), twice[1].before.size());
  double squares = 0, count = 0;
  for (std::size_t i = 0; i < twice[0].size(); ++i) {
    const Color d = (twice[0].after[i] - twice[1].after[i]) * 0.5f;
    squares += twice[0].count[i] * (d.r * d.r + d.g * d.g + d.b * d.b) / 3, count += twice[0].count[i];
  }
  EXPECT_NEAR(std::sqrt(squares / count), pool(twice).contradiction(), 0.002);
  EXPECT_LT(twice[0].contradiction(), 0.001);
}

// Where each photo was edited otherwise, no photo's own edit shows in the look: among like colors it changes slowly.
TEST(Contradiction, MeetsContradictingPairsHalfwayAndSmoothly) {
  std::vector<Samples> samples;
  for (unsigned seed = 0; seed < 12; ++seed)
    samples.push_back(sample_pair(pair_of(
        photo(seed, 0.8f), look_of(seed % 2 ? R"({"op": "exposure", "stops": 0.5}, {"op": "saturation", "amount": 0.5})"
                                            : R"({"op": "saturation", "amount": -0.8})"))));
  const Plan learned(fit_static_grade(samples));
  double bend = 0;
  int count = 0;
  constexpr float step = 1.0f / 64;
  for (const Samples& s : samples)
    for (std::size_t i = 0; i < s.size(); i += 7) {
      const Color& c = s.before[i];
      if (std::max({c.r, c.g, c.b}) > 1 - step || std::min({c.r, c.g, c.b}) < step) continue;
      const std::vector<Color> line = render_colors(learned, {c + -step, c, c + step});
      const Color d = line[0] - line[1] * 2.0f + line[2];
      bend += std::sqrt((d.r * d.r + d.g * d.g + d.b * d.b) / 3);
      ++count;
    }
  EXPECT_LT(255 * bend / count, 2.5);
}

TEST(Contradiction, AMilderEditIsTheWayThereInPart) {
  const Samples whole[]{sample_pair(pair_of(photo(1, 0.9f), look_of(curve_and_matrix)))};
  const Samples half[]{milder(whole[0], 0.5f)};
  const std::vector<Color> full_colors = render_colors(Plan(fit_static_grade(whole)), whole[0].before),
                           half_colors = render_colors(Plan(fit_static_grade(half)), whole[0].before);
  double off = 0;
  int count = 0;
  for (std::size_t i = 0; i < half_colors.size(); ++i) {
    if (!whole[0].is_whole(i)) continue;  // beyond the ends the full edit is not known
    const Color d = half_colors[i] - (whole[0].before[i] + full_colors[i]) * 0.5f;
    off += (std::abs(d.r) + std::abs(d.g) + std::abs(d.b)) / 3;
    ++count;
  }
  EXPECT_LT(255 * off / count, 0.2);
}

// One pair of seven that went another way makes the look milder; it does not forbid it.
TEST(Contradiction, MakesTheLookMilderWhereOnePairGoesAnotherWay) {
  PairSet set;
  for (unsigned i = 0; i < 7; ++i)
    set.pairs.push_back(
        pair_of(photo(i), look_of(i ? R"({"op": "exposure", "stops": 0.8})" : R"({"op": "exposure", "stops": -0.5})")));
  const Learned learned = learn_grade(set, {.may_adapt = false});
  EXPECT_EQ("static", learned.report.chosen);
  EXPECT_LT(learned.report.models[1].strength, 1);
  EXPECT_GT(learned.report.models[1].strength, 0);
  EXPECT_LT(learned.report.models[1].mean_error, 0.9 * learned.report.models[0].mean_error);
}

}  // namespace
}  // namespace sfumato
