// SPDX-License-Identifier: Apache-2.0
#include "pairs/generate.h"

#include <algorithm>
#include <set>

#include "base/file.h"
#include "pairs/pair_fixture.h"

namespace sfumato {
namespace {

Look ranged() {
  return parse_look(
      R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": [-1, 0.2, 2]}, {"op": "grain", "amount": 0.2},
      {"op": "tone_curve", "contrast": [0, 0.1, 0.1]}, {"op": "exposure", "stops": {"from": "key"}}]})",
      "ranged");
}

Analysis gray() {
  Analysis a;
  a.rgb.assign(3 * Analysis::size * Analysis::size, 0.5f);
  return a;
}

TEST(Draws, NameWhatVaries) {
  const auto varying = varying_knobs(ranged());
  ASSERT_EQ(3u, varying.size());
  EXPECT_EQ("exposure.stops", varying[0].name);
  EXPECT_EQ("tone_curve.contrast", varying[1].name);
  EXPECT_EQ("exposure#2.stops", varying[2].name);
}

TEST(Draws, HaveThePresetAsMedianAndFillTheRange) {
  const Look look = parse_look(R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": [-1, 0.2, 2]}]})", "ranged");
  const Analysis photo = gray();
  std::vector<float> stops;
  for (int i = 0; i < 4001; ++i)
    stops.push_back(draw_look(look, photo, "photo" + std::to_string(i), 5).steps[0].values[0].preset);
  std::sort(stops.begin(), stops.end());
  EXPECT_NEAR(0.2f, stops[2000], 0.08f);
  EXPECT_GE(stops.front(), -1.0f);
  EXPECT_LT(stops.front(), -0.98f);
  EXPECT_LE(stops.back(), 2.0f);
  EXPECT_GT(stops.back(), 1.97f);
}

TEST(Draws, DependOnSeedNameAndKnobAlone) {
  const Look a = draw_look(ranged(), gray(), "one", 5), b = draw_look(ranged(), gray(), "one", 5);
  EXPECT_EQ(print_look(a), print_look(b));
  EXPECT_NE(print_look(a), print_look(draw_look(ranged(), gray(), "one", 6)));
  EXPECT_NE(print_look(a), print_look(draw_look(ranged(), gray(), "two", 5)));
  EXPECT_FALSE(a.steps[0].values[0].is_range());
}

TEST(Manifests, ReadBackWhatTheyPrint) {
  GenerateOptions options;
  options.seed = 18446744073709551615u, options.long_edge = 384, options.is_tiff16 = true;
  Manifest m{
      "0.1.0",
      options,
      "x",
      "{\n \"a\": 1}",
      {"exposure.stops", "grain.amount"},
      {{"a, \"b\"", "photos/a.jpg", {"before/a.tif", "00ff", 3, 2}, {"after/a.tif", "ff00", 3, 2}, {0.1f, -1.5f}}}};
  const std::string text = print_manifest(m);
  const Manifest again = parse_manifest(text, "m");
  EXPECT_EQ(text, print_manifest(again));
  EXPECT_EQ(m.options.seed, again.options.seed);
  EXPECT_EQ(0.1f, again.pairs[0].values[0]);
  EXPECT_EQ("name,photo,exposure.stops,grain.amount\n\"a, \"\"b\"\"\",photos/a.jpg,0.1,-1.5\n", print_parameters(m));
  EXPECT_THROW(parse_manifest("{", "m"), Error);
  EXPECT_THROW(parse_manifest("{\"sfumato_pairs\": 2}", "m"), Error);
}

TEST_F(PairTest, GeneratesPairsThatReadBackAligned) {
  put("photo.png", picture_of(1));
  GenerateOptions o;
  o.long_edge = 200;
  const PairJob job{folder + "/photo.png", "photo", folder, "before/photo.png", "after/photo.png"};
  const Look look = find_look("natural-light");
  const GeneratedPair made = generate_pair(job, look, o);
  EXPECT_EQ(200, made.before.width);
  EXPECT_EQ(varying_knobs(look).size(), made.values.size());
  const auto again = read_generated(job, look, o);
  ASSERT_TRUE(again);
  EXPECT_EQ(made.values, again->values);
  EXPECT_EQ(made.after.sha256, again->after.sha256);
  o.seed = 2;
  EXPECT_FALSE(read_generated(job, look, o));
  const PairSet set = read_dataset(folder);
  ASSERT_EQ(1u, set.pairs.size());
  EXPECT_EQ(200, set.pairs[0].before.width());
  EXPECT_TRUE(set.warnings.empty());
}

}  // namespace
}  // namespace sfumato
