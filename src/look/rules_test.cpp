// SPDX-License-Identifier: Apache-2.0
#include "look/rules.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/random.h"
#include "sfumato/error.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Look look_of(const std::string& steps) {
  return parse_look("{\"sfumato\": 1,\n \"steps\": [\n  " + steps + "]}", "mine.json");
}

std::string error_of(const std::string& steps) {
  try {
    look_of(steps);
  } catch (const Error& e) {
    EXPECT_EQ(Code::look, e.code());
    return e.what();
  }
  return "no error";
}

// Grays of many levels, in linear light times `light`.
Picture grays(double level, double red = 1, double blue = 1) {
  Picture p(256, 256, Sample::f32);
  for (std::size_t i = 0; i < 256 * 256; ++i) {
    const double linear = level * std::exp2(2 * random_uniform(5, i) - 1);
    const double v[3]{linear * red, linear, linear * blue};
    for (int c = 0; c < 3; ++c)
      p.samples<float>()[3 * i + c] =
          static_cast<float>(v[c] <= 0.0031308 ? 12.92 * v[c] : 1.055 * std::pow(v[c], 1 / 2.4) - 0.055);
  }
  return p;
}

float measured(const char* name, const Picture& p) {
  return find_scene_measure(name)->of(ScenePixels(analyze(p.view())));
}

float adapted(const Look& look, const Picture& p, int step = 0, int value = 0) {
  const Look plain = look.adapter->adapt(look, analyze(p.view())).look;
  EXPECT_FALSE(has_rules(plain));
  EXPECT_EQ(nullptr, plain.adapter);
  return plain.steps[step].values[value].preset;
}

TEST(Rules, BringThePhotoToTheTarget) {
  const Look look = look_of(R"({"op": "exposure", "stops": {"from": "key", "target": 0.18}})");
  const Picture dark = grays(0.03);
  const float stops = adapted(look, dark);
  EXPECT_NEAR(std::log2(0.18 / 0.03), stops, 0.03) << "the log-average of light spread evenly in stops is its middle";
  const Picture out = rendered(Plan(look.adapter->adapt(look, analyze(dark.view())).look), dark.view());
  EXPECT_NEAR(0.18f, measured("key", out), 0.18 * 0.04);
}

TEST(Rules, StayWithinShareAndLimits) {
  const Picture dark = grays(0.03);
  const float whole = adapted(look_of(R"({"op": "exposure", "stops": {"from": "key"}})"), dark);
  EXPECT_NEAR(whole / 2, adapted(look_of(R"({"op": "exposure", "stops": {"from": "key", "share": 0.5}})"), dark), 1e-5);
  EXPECT_EQ(1.25f, adapted(look_of(R"({"op": "exposure", "stops": {"from": "key", "low": -1, "high": 1.25}})"), dark));
}

TEST(Rules, WhiteBalanceTakesACastAway) {
  const Look look =
      look_of(R"({"op": "white_balance", "temperature": {"from": "warmth"}, "tint": {"from": "magenta"}})");
  EXPECT_NEAR(0, adapted(look, grays(0.2)), 0.2);
  EXPECT_NEAR(0, adapted(look, grays(0.2), 0, 1), 0.5);
  struct Cast {
    double red, blue;
  };
  for (const Cast cast : {Cast{1.15, 0.8}, Cast{0.87, 1.2}, Cast{1.1, 1.1}}) {
    const Picture tinted = grays(0.2, cast.red, cast.blue);
    const Picture out = rendered(Plan(look.adapter->adapt(look, analyze(tinted.view())).look), tinted.view());
    const float* p = out.samples<float>();
    double sum[3]{};
    for (std::size_t i = 0; i < out.sample_count(); ++i) sum[i % 3] += p[i];
    EXPECT_NEAR(1, sum[0] / sum[1], 0.012) << cast.red;
    EXPECT_NEAR(1, sum[2] / sum[1], 0.012) << cast.blue;
  }
}

TEST(Rules, FocusBandFollowsSharpness) {
  const Look look = look_of(R"({"op": "tilt_shift", "center_y": {"from": "focus_y"}})");
  for (const double center : {0.3, 0.5, 0.7}) {
    Picture p(256, 256, Sample::f32);
    for (int y = 0; y < 256; ++y)
      for (int x = 0; x < 256; ++x)
        for (int c = 0; c < 3; ++c) {
          const double sharp = std::exp(-std::pow((y / 256.0 - center) / 0.1, 2));
          p.samples<float>()[3 * (y * 256 + x) + c] = static_cast<float>(0.5 + 0.2 * sharp * (x % 4 < 2 ? 1 : -1));
        }
    EXPECT_NEAR(center, adapted(look, p, 0, 2), 0.02);
  }
}

TEST(Rules, DialToNothing) {
  const Look look = find_look("natural-light");
  const Picture dark = grays(0.03, 1.2, 0.7);
  const Look none = with_strength(look, 0);
  EXPECT_TRUE(Plan(none.adapter->adapt(none, analyze(dark.view())).look).is_identity());
  const Look half = with_strength(look, 0.5f);
  EXPECT_NEAR(adapted(look, dark, 1) / 2, adapted(half, dark, 1), 1e-5);
}

TEST(Rules, RestAtNeutralWithoutAPhoto) {
  const Look look =
      look_of(R"({"op": "exposure", "stops": {"from": "key"}}, {"op": "tilt_shift", "center_y": {"from": "focus_y"}})");
  EXPECT_EQ(0.0f, look.steps[0].values[0].preset);
  EXPECT_EQ(find_op("tilt_shift")->knobs[2].initial(), look.steps[1].values[2].preset);
}

TEST(Rules, PrintWhatTheyReadBackAndYieldToSettings) {
  Look look = look_of(R"({"op": "exposure", "stops": {"from": "key", "target": 0.2, "share": 0.5, "low": -1}},
      {"op": "tone_curve", "rgb": [0, {"from": "contrast"}, [0, 0.1, 0.2], 0, 0, 0, 0, 0, 0]})");
  const std::string text = print_look(look);
  EXPECT_THAT(text, AllOf(HasSubstr(R"({"from": "key", "target": 0.2, "share": 0.5, "low": -1})"),
                          HasSubstr(R"([0, {"from": "contrast"}, [0, 0.1, 0.2])")));
  EXPECT_EQ(text, print_look(parse_look(text, "again")));
  set_knob(look, "exposure.stops=0.5");
  EXPECT_EQ(0.5f, adapted(look, grays(0.03)));
}

TEST(Rules, StackedLooksKeepThem) {
  const Look looks[]{find_look("natural-light"), find_look("provia")};
  const Look both = stacked(looks);
  ASSERT_NE(nullptr, both.adapter);
  EXPECT_GT(adapted(both, grays(0.03), 1), 0.3f);
}

TEST(Rules, PointAtTheLineAndColumnOfEveryMistake) {
  EXPECT_THAT(error_of(R"({"op": "exposure", "stops": {"from": "kay"}})"),
              AllOf(HasSubstr("mine.json:3:40"), HasSubstr("did you mean 'key'?")));
  EXPECT_THAT(error_of(R"({"op": "exposure", "stops": {"frm": "key"}})"),
              AllOf(HasSubstr("mine.json:3:39"), HasSubstr("did you mean 'from'?")));
  EXPECT_THAT(error_of(R"({"op": "exposure", "stops": {"target": 1}})"),
              AllOf(HasSubstr("mine.json:3:31"), HasSubstr("\"from\"")));
  EXPECT_THAT(error_of(R"({"op": "exposure", "stops": {"from": "key", "high": 9}})"),
              AllOf(HasSubstr("mine.json:3:55"), HasSubstr("-5 to 5")));
  EXPECT_THAT(error_of(R"({"op": "exposure", "stops": {"from": "key", "target": 0}})"), HasSubstr("mine.json:3:57"));
  EXPECT_THAT(error_of(R"({"op": "exposure", "stops": {"from": "key", "low": 2, "high": 1}})"),
              HasSubstr("low 2 above high 1"));
  EXPECT_THAT(error_of(R"({"op": "tilt_shift", "center_y": {"from": "focus_y", "target": 0.5}})"),
              AllOf(HasSubstr("mine.json:3:66"), HasSubstr("no target")));
}

}  // namespace
}  // namespace sfumato
