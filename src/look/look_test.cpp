// SPDX-License-Identifier: Apache-2.0
#include "sfumato/look.h"

#include <gmock/gmock.h>

#include <clocale>

#include "given.h"
#include "look/locate.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

using testing::HasSubstr;

std::string error_of(const std::string& text) {
  return refusal(Code::look, [&] { parse_look(text, "mine.json"); });
}

std::string steps(const std::string& s) { return "{\"sfumato\": 1,\n \"steps\": [\n  " + s + "]}"; }

TEST(Look, ReadsNumbersRangesAndArrays) {
  const Look look = parse_look(steps(R"({"op": "exposure", "stops": [-1, 0.5, 1]}, // why
      {"op": "color_matrix", "red": [0, [0, 0.1, 0.2], 0]})"),
                               "mine.json");
  ASSERT_EQ(2u, look.steps.size());
  EXPECT_EQ(0.5f, look.steps[0].values[0].preset);
  EXPECT_EQ(-1.0f, look.steps[0].values[0].low);
  EXPECT_EQ(0.1f, look.steps[1].values[1].preset);
  EXPECT_TRUE(look.steps[1].values[1].is_range());
}

TEST(Look, PointsAtTheLineAndColumnOfEveryMistake) {
  EXPECT_THAT(error_of(steps(R"({"op": "exposure", "stop": 1})")),
              AllOf(HasSubstr("mine.json:3:30"), HasSubstr("did you mean 'stops'?")));
  EXPECT_THAT(error_of(steps(R"({"op": "exposur"})")),
              AllOf(HasSubstr("mine.json:3:10"), HasSubstr("did you mean 'exposure'?")));
  EXPECT_THAT(error_of(steps(R"({"op": "exposure", "stops": 9})")),
              AllOf(HasSubstr("mine.json:3:31"), HasSubstr("-5 to 5")));
  EXPECT_THAT(error_of(steps(R"({"op": "exposure", "stops": [2, 1, 3]})")), HasSubstr("low <= preset <= high"));
  EXPECT_THAT(error_of(steps(R"({"op": "exposure", "stops": "1"})")), HasSubstr("expected a number"));
  EXPECT_THAT(error_of(steps(R"({"op": "color_matrix", "red": [1, 2]})")), HasSubstr("array of 3"));
  EXPECT_THAT(error_of(steps(R"({"op": "lut3d"})")), HasSubstr("file"));
  EXPECT_THAT(error_of("{\"sfumato\": 2, \"steps\": []}"), HasSubstr("mine.json:1:13"));
  EXPECT_THAT(error_of("{\"sfumato\": 1, \"steps\": [}"), HasSubstr("mine.json:1:26"));
  EXPECT_THAT(error_of("[]"), HasSubstr("no JSON object"));
  EXPECT_THAT(error_of("{\"sfumato\": 1, \"sfumato\": 1, \"steps\": []}"), HasSubstr("twice"));
  EXPECT_THAT(error_of(steps(R"({"op": "exposure", "stops": 1,
  "stops": 2})")),
              AllOf(HasSubstr("mine.json:4:3"), HasSubstr("\"stops\" twice")));
  EXPECT_THAT(error_of(steps("{\"op\": \"exposure\", \"stops\":\n 1e999}")), HasSubstr("mine.json:4:"));
}

TEST(Look, RefusesHostileTexts) {
  EXPECT_THAT(error_of(std::string(100000, '[')), AllOf(HasSubstr("mine.json:1:"), HasSubstr("nested")));
  EXPECT_THAT(error_of(std::string(3 << 20, ' ')), HasSubstr("bytes"));
  EXPECT_NE("", error_of(std::string("{\"sfumato\": 1, \"steps\": [\xff\xfe]}")));
}

TEST(Look, PrintsWhatItReadsBack) {
  for (const Look& look : builtin_looks()) {
    const std::string text = print_look(look);
    const Look again = parse_look(text, look.id);
    EXPECT_EQ(text, print_look(again));
    ASSERT_EQ(look.steps.size(), again.steps.size());
    for (std::size_t i = 0; i < look.steps.size(); ++i)
      for (std::size_t k = 0; k < look.steps[i].values.size(); ++k) {
        EXPECT_EQ(look.steps[i].values[k].preset, again.steps[i].values[k].preset);
        EXPECT_EQ(look.steps[i].values[k].high, again.steps[i].values[k].high);
      }
  }
}

TEST(Look, ReadsNumbersInAnyLocale) {
  const char* before = std::setlocale(LC_ALL, nullptr);
  const std::string saved = before ? before : "C";
  if (!std::setlocale(LC_ALL, "de_DE.UTF-8")) GTEST_SKIP() << "the locale de_DE.UTF-8 is not installed";
  EXPECT_EQ(0.5f, parse_look(steps(R"({"op": "exposure", "stops": 0.5})"), "x").steps[0].values[0].preset);
  std::setlocale(LC_ALL, saved.c_str());
}

TEST(Look, HasAtLeastSixteenBuiltIns) {
  EXPECT_GE(builtin_looks().size(), 16u);
  for (const Look& look : builtin_looks()) {
    EXPECT_FALSE(look.title.empty());
    EXPECT_FALSE(look.about.empty()) << look.id;
    EXPECT_FALSE(look.origin.empty()) << look.id;
  }
}

TEST(Strength, ZeroIsTheIdentityAndOneIsTheLook) {
  for (const Look& look : builtin_looks()) {
    EXPECT_TRUE(Plan(for_any_photo(with_strength(look, 0.0f))).is_identity()) << look.id;
    EXPECT_EQ(print_look(look), print_look(with_strength(look, 1.0f))) << look.id;
  }
  EXPECT_THROW(with_strength(Look{}, -0.1f), Error);
  EXPECT_THROW(with_strength(Look{}, 1.6f), Error);
}

TEST(Strength, DialsAmountsAndKeepsShapes) {
  const Look look = parse_look(steps(R"({"op": "vignette", "amount": -1, "midpoint": 0.5})"), "x");
  const Look half = with_strength(look, 0.5f);
  EXPECT_FLOAT_EQ(-0.5f, half.steps[0].values[0].preset);
  EXPECT_FLOAT_EQ(0.5f, half.steps[0].values[1].preset);
}

TEST(Settings, ChangeKnobsOrAddTheOperation) {
  Look look = parse_look(steps(R"({"op": "exposure", "stops": 1})"), "x");
  set_knob(look, "exposure.stops=-0.25");
  EXPECT_EQ(-0.25f, look.steps[0].values[0].preset);
  set_knob(look, "tone_curve.rgb.3=0.1");
  ASSERT_EQ(2u, look.steps.size());
  EXPECT_EQ(0.1f, look.steps[1].values[3 + 3].preset);
  set_knob(look, "color_matrix.red=0.1,0.2,0.3");
  EXPECT_EQ(0.3f, look.steps[2].values[2].preset);
  for (const char* bad : {"exposure", "exposure=1", "exposure.stops=", "exposure.stops=1,2", "exposure.stops.1=1",
                          "expo.stops=1", "lut3d.amount=1", "exposure.stops=nan"})
    EXPECT_THROW(set_knob(look, bad), Error) << bad;
}

TEST(Stacking, RunsOneLookAfterTheOther) {
  const Look looks[]{find_look("provia"), find_look("eterna")};
  const Look both = stacked(looks);
  EXPECT_EQ(looks[0].steps.size() + looks[1].steps.size(), both.steps.size());
  EXPECT_EQ("provia+eterna", both.id);
}

}  // namespace
}  // namespace sfumato
