// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "color/lab.h"
#include "color/transfer.h"
#include "files/lut_file.h"
#include "grade/choose.h"
#include "grade/random_looks.h"
#include "grade/ridge_fit.h"
#include "grade/static_grade.h"
#include "grade/toning.h"
#include "grade/trial.h"
#include "lane/scalar.h"
#include "look/adapter.h"
#include "measure/descriptor.h"
#include "render/colors.h"
#include "sfumato/error.h"
#include "tests/pairs_of_colors.h"

namespace sfumato {
namespace {

using testing::HasSubstr;

double error_on(const Look& learned, const Look& truth, const Picture& photo) {
  return TrialPair(pair_of(photo, truth)).error(learned);
}

TEST(Grade, FindsACurveAndAMatrixFromOnePairWithinRounding) {
  const Look truth = look_of(curve_and_matrix);
  PairSet set;
  set.pairs = {pair_of(photo(1, 0.9f), truth)};
  const Learned learned = learn_grade(set);
  EXPECT_EQ("static", learned.report.chosen);
  // Rounding to 8 bits alone is a delta E 2000 of about 0.2.
  EXPECT_LT(error_on(learned.look, truth, photo(1, 0.9f)), 0.3);
  EXPECT_GT(TrialPair(pair_of(photo(2, 0.9f), truth)).input_error(), 3.0);
  EXPECT_LT(error_on(learned.look, truth, photo(2, 0.9f)), 0.8);
}

TEST(Grade, LearnsNothingFromAnUntouchedPair) {
  PairSet set;
  for (unsigned i = 0; i < 2; ++i) set.pairs.push_back(pair_of(photo(i), Look{}));
  const Learned learned = learn_grade(set);
  EXPECT_EQ("identity", learned.report.chosen);
  EXPECT_TRUE(Plan(learned.look).is_identity());
}

// Half of the pixels are clipped; beyond the ends the look goes on, so that near them its slope is not lost.
TEST(Grade, LearnsLooksThatClip) {
  const Look truth = look_of(
      R"({"op": "exposure", "stops": 0.9}, {"op": "saturation", "amount": 0.3}, {"op": "tone_curve", "contrast": 0.3})");
  std::vector<Samples> samples;
  for (unsigned seed = 1; seed < 6; ++seed) samples.push_back(sample_pair(pair_of(photo(seed, 0.8f), truth)));
  const Look learned = fit_static_grade(samples);
  double error[2]{}, count[2]{};
  for (unsigned seed = 10; seed < 14; ++seed) {
    const TrialPair test(pair_of(photo(seed, 0.8f), truth));
    const std::vector<Color> made = render_colors(Plan(learned), test.before);
    for (std::size_t i = 0; i < made.size(); ++i) {
      const float* wanted = &test.after[i].r;
      const bool is_clipped = *std::max_element(wanted, wanted + 3) >= 1;
      for (int c = 0; c < 3; ++c)
        error[is_clipped] += std::abs(clamp((&made[i].r)[c], 0.0f, 1.0f) - wanted[c]), ++count[is_clipped];
    }
  }
  EXPECT_GT(count[1], 0.2 * count[0]);
  EXPECT_LT(255 * error[0] / count[0], 0.45);
  EXPECT_LT(255 * error[1] / count[1], 0.3);
}

// Waves within an eighth of an axis, as films bend colors; few samples in a place, rounded to 8 bits.
TEST(Grade, FollowsNarrowBendsThatPairsAgreeOn) {
  constexpr float height = 0.02f;
  const auto edit = [](const Color& c) { return Color{c.r + height * std::sin(50 * c.g), c.g, c.b}; };
  std::mt19937 random(1);
  const auto draw = [&] {
    const auto one = [&] { return 0.1f + 0.8f * static_cast<float>(random() % 10001) / 10000; };
    return Color{one(), one(), one()};
  };
  std::vector<Samples> pairs(8);
  for (Samples& s : pairs)
    for (int i = 0; i < 4000; ++i) {
      const Color c = draw(), e = edit(c);
      s.before.push_back(c);
      s.after.push_back({std::round(255 * e.r) / 255, std::round(255 * e.g) / 255, std::round(255 * e.b) / 255});
      s.count.push_back(3);
      s.disagreement.push_back(0);
    }
  std::vector<Color> colors;
  for (int i = 0; i < 2000; ++i) colors.push_back(draw());
  const std::vector<Color> made = render_colors(Plan(fit_static_grade(pairs)), colors);
  double missed = 0;
  for (std::size_t i = 0; i < made.size(); ++i) missed += std::abs(made[i].r - edit(colors[i]).r);
  EXPECT_LT(missed / static_cast<double>(made.size()), 0.1 * height);
}

TEST(Grade, HonorsTheUsableMask) {
  const Look truth = look_of(curve_and_matrix);
  Pair spoiled = pair_of(photo(1, 0.9f), truth);
  spoiled.usable.assign(spoiled.after.sample_count() / 3, 1);
  for (int i = 0; i < 2000; ++i) {
    spoiled.usable[i] = 0;
    for (int c = 0; c < 3; ++c) spoiled.after.samples<float>()[3 * i + c] = c == 0 ? 1.0f : 0.0f;
  }
  const Samples samples[]{sample_pair(spoiled)};
  EXPECT_LT(error_on(fit_static_grade(samples), truth, photo(1, 0.9f)), 0.4);
}

TEST(Grade, KeepsGraysSmoothAndHuesInOrderWhereOnePairShowsNoColors) {
  const Look truth = look_of(
      R"({"op": "tone_curve", "contrast": 0.5}, {"op": "split_tone", "shadow_strength": 0.4, "light_strength": 0.4})");
  const Samples samples[]{sample_pair(pair_of(photo(1, 0.1f), truth))};
  const Look learned = fit_static_grade(samples);
  std::vector<Color> grays, hues;
  for (int i = 0; i <= 256; ++i) grays.push_back(Color{1, 1, 1} * (static_cast<float>(i) / 256));
  // One turn of hue at full saturation, which the pair does not show.
  for (int i = 0; i < 180; ++i) {
    auto wave = [&](float at) {
      return clamp(std::abs(std::fmod(static_cast<float>(i) / 30 + at, 6.0f) - 3) - 1, 0.0f, 1.0f) * 0.7f + 0.15f;
    };
    hues.push_back({wave(0), wave(4), wave(2)});
  }
  float before = -1;
  for (const Color& c : render_colors(Plan(learned), grays)) {
    const float light = linear_to_oklab(srgb_decode(c)).r;
    EXPECT_GT(light, before - 2e-3f);
    before = light;
  }
  double turned = 0, last = 0;
  const std::vector<Color> out = render_colors(Plan(learned), hues);
  for (std::size_t i = 0; i <= out.size(); ++i) {
    const auto lab = linear_to_oklab(srgb_decode(out[i % out.size()]));
    const double hue = std::atan2(lab.b, lab.g);
    if (i > 0) {
      const double step = std::remainder(hue - last, 6.283185307);
      EXPECT_LT(std::abs(step), 0.35);
      turned += step;
    }
    last = hue;
  }
  EXPECT_NEAR(6.283185307, std::abs(turned), 1e-3);
}

TEST(Grade, AdaptsToThePhotoWhereTheStyleDoes) {
  const Look style = look_of(
      R"({"op": "exposure", "stops": {"from": "key", "target": 0.2, "low": -3, "high": 3}}, {"op": "tone_curve", "contrast": 0.3})");
  auto styled = [&](unsigned seed) {
    const Picture before = photo(seed, 0.35f, 0.25f + 0.04f * static_cast<float>(seed % 10));
    return pair_of(before, style.adapter->adapt(style, analyze(before.view())).look);
  };
  PairSet set;
  for (unsigned i = 0; i < 12; ++i) set.pairs.push_back(styled(i));
  const Learned learned = learn_grade(set);
  EXPECT_EQ("adaptive", learned.report.chosen);
  ASSERT_TRUE(learned.look.adapter);
  Look fixed = learned.look;
  fixed.adapter = nullptr;
  double one = 0, each = 0;
  for (unsigned i = 20; i < 30; ++i) {
    const TrialPair test(styled(i));
    one += test.error(fixed);
    each += test.error(learned.look);
  }
  EXPECT_LT(each, 0.7 * one);
}

TEST(GradeReport, SaysWhatWasChosenAndWhy) {
  PairSet set;
  for (unsigned i = 0; i < 2; ++i)
    set.pairs.push_back(pair_of(photo(i), look_of(curve_and_matrix), i ? "second" : "first"));
  std::vector<double> shares;
  const Learned learned = learn_grade(set, {.command = "sfumato learn a b"},
                                      [&](double share, const std::string&) { shares.push_back(share); });
  const auto j = nlohmann::json::parse(learned.report.json());
  EXPECT_EQ("sfumato learn a b", j["command"]);
  EXPECT_EQ("first", j["pairs"][0]["name"]);
  EXPECT_GT(j["pairs"][0]["input"], j["pairs"][0]["left_out_static"]);
  EXPECT_EQ(16u, j["data_hash"].get<std::string>().size());
  EXPECT_THAT(j["models"][1]["reason"], HasSubstr("% less"));
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_EQ(1.0, shares.back());
  EXPECT_EQ(learn_grade(set).report.data_hash, learned.report.data_hash);
}

TEST(Grade, RefusesASetWithoutPairsOrWithoutUsablePixels) {
  EXPECT_THROW(learn_grade({}), Error);
  PairSet set;
  set.pairs = {pair_of(photo(1), Look{})};
  set.pairs[0].usable.assign(set.pairs[0].before.sample_count() / 3, 0);
  EXPECT_THROW(learn_grade(set), Error);
}

TEST(Lattice, CornersAreThoseThatTable3Mixes) {
  CubeTable table = box_table(5, {-0.1f, 0, 0.2f}, {1.3f, 1, 0.9f});
  std::mt19937 random(1);
  auto uniform = [&] { return static_cast<float>(random() % 10000) / 10000.0f; };
  for (float& v : table.nodes) v = uniform();
  for (int i = 0; i < 1000; ++i) {
    const Color c{uniform() * 1.6f - 0.3f, uniform() * 1.6f - 0.3f, uniform() * 1.6f - 0.3f}, want = table3(&table, c);
    const Corners corners = corners_of(table, c);
    Color got{0, 0, 0};
    for (int k = 0; k < 4; ++k) got = got + node_color(table, corners.node[k]) * corners.share[k];
    EXPECT_NEAR(want.r, got.r, 1e-6);
    EXPECT_NEAR(want.g, got.g, 1e-6);
    EXPECT_NEAR(want.b, got.b, 1e-6);
  }
}

// Left-out predictions in closed form are what fitting again without the photo gives.
TEST(RidgeFit, FindsALinearRuleAndNoRuleInNoise) {
  std::mt19937 random(1);
  auto uniform = [&] { return static_cast<float>(random() % 10000) / 5000.0f - 1; };
  std::vector<std::vector<float>> descriptors, lawful, lawless;
  for (int i = 0; i < 40; ++i) {
    std::vector<float> d(Descriptor::size);
    for (float& v : d) v = uniform();
    lawful.push_back({2 * d[0] - d[3], 0.5f * d[1]});
    lawless.push_back({uniform(), uniform()});
    descriptors.push_back(std::move(d));
  }
  for (auto* rows : {&lawful, &lawless})
    for (int k = 0; k < 2; ++k) {
      float mean = 0;
      for (const auto& row : *rows) mean += row[k] / 40;
      for (auto& row : *rows) row[k] -= mean;
    }
  EXPECT_GT(fit_ridge(descriptors, lawful).explained, 0.95);
  EXPECT_LT(fit_ridge(descriptors, lawless).explained, 0.25);
}

// One photo of few colors; another's must not be tinted by what colorful looks do.
TEST(StaticGrade, BlackAndWhiteStaysSoInColorsItDidNotSee) {
  const Look toned =
      look_of(R"({"op": "saturation", "amount": -1}, {"op": "split_tone", "shadow_hue": 40, "shadow_strength": 0.5})");
  const Pair pair = pair_of(photo(3, 0.3f), toned);
  const std::vector<Samples> samples{sample_pair(pair)};
  EXPECT_TRUE(Toning::of(samples[0]).has_value());
  const Look learned = fit_static_grade(samples);
  std::vector<Color> vivid;
  for (int i = 0; i < 27; ++i)
    vivid.push_back({0.1f + 0.4f * static_cast<float>(i % 3), 0.1f + 0.4f * static_cast<float>(i / 3 % 3),
                     0.1f + 0.4f * static_cast<float>(i / 9)});
  const std::vector<Color> want = render_colors(Plan(toned), vivid), got = render_colors(Plan(learned), vivid);
  for (std::size_t i = 0; i < vivid.size(); ++i) {
    const float tint = got[i].r - got[i].b, true_tint = want[i].r - want[i].b;
    EXPECT_NEAR(true_tint, tint, 0.03f) << vivid[i].r << " " << vivid[i].g << " " << vivid[i].b;
  }
  const Pair pale = pair_of(photo(3, 0.3f), look_of(R"({"op": "saturation", "amount": -0.6})"));
  EXPECT_FALSE(Toning::of(sample_pair(pale)).has_value()) << "pale is not gray";
}

// Where the choice of a rule is close, a rounding error must not decide what a look does.
TEST(RidgeFit, FollowsItsPairsWithoutJumps) {
  std::mt19937 random(2);
  auto uniform = [&] { return static_cast<float>(random() % 10000) / 5000.0f - 1; };
  constexpr int photos = 10, steps = 400;
  std::vector<std::vector<float>> descriptors;
  std::vector<float> noise;
  for (int i = 0; i < photos; ++i) {
    std::vector<float> d(Descriptor::size);
    for (float& v : d) v = uniform();
    descriptors.push_back(std::move(d));
    noise.push_back(uniform());
  }
  std::vector<float> before;
  for (int step = 0; step <= steps; ++step) {
    std::vector<std::vector<float>> knobs;
    float mean = 0;
    for (int i = 0; i < photos; ++i)
      knobs.push_back({descriptors[i][0] + 3 * noise[i] * static_cast<float>(step) / steps}),
          mean += knobs[i][0] / photos;
    for (auto& k : knobs) k[0] -= mean;
    const auto now = fit_ridge(descriptors, knobs).weights;
    float jump = 0;
    for (std::size_t d = 0; d < before.size(); ++d) jump = std::max(jump, std::abs(now[d] - before[d]));
    EXPECT_LT(jump, 0.04f) << "step " << step;
    before = now;
  }
}

TEST(RandomLooks, AreTheSameForTheSameSeed) {
  for (const LookKind kind : {LookKind::edit, LookKind::film}) {
    EXPECT_EQ(print_look(random_look(kind, 5)), print_look(random_look(kind, 5)));
    EXPECT_NE(print_look(random_look(kind, 5)), print_look(random_look(kind, 6)));
  }
}

}  // namespace
}  // namespace sfumato
