// SPDX-License-Identifier: Apache-2.0
#include "look/over_time.h"

#include <gtest/gtest.h>

#include <array>

#include "lane/cube.h"

namespace sfumato {
namespace {

Look exposed(float stops, float fill) {
  Look look = parse_look(
      R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": 0}, {"op": "exposure", "stops": 1.5}]})", "test");
  look.steps[0].values[0] = KnobValue::fixed(stops);
  CubeTable table;
  table.nodes.assign(4 * 8, fill);
  const auto shared = std::make_shared<const CubeTable>(table);
  for (LookStep& step : look.steps) step.map.table = shared;
  return look;
}

TEST(OverTime, BlendsNumbersAndMaps) {
  const std::array looks{exposed(-1, 0.0f), exposed(1, 1.0f), exposed(2, 0.5f)};
  const Look mean = blended(looks, std::array{0.25f, 0.25f, 0.5f});
  EXPECT_FLOAT_EQ(mean.steps[0].values[0].preset, 1.0f);
  EXPECT_EQ(mean.steps[1].values[0].preset, 1.5f);
  EXPECT_FLOAT_EQ(mean.steps[0].map.table->nodes[5], 0.5f);
  // The renderer reads a table once for all steps that share it.
  EXPECT_EQ(mean.steps[0].map.table, mean.steps[1].map.table);
}

TEST(OverTime, KeepsWhatIsTheSameInAll) {
  const std::array looks{exposed(1.5f, 0.3f), exposed(1.5f, 0.3f), exposed(1.5f, 0.3f)};
  // Weights that add up to a little more than 1 bring no number out of its range.
  EXPECT_EQ(blended(looks, std::array{0.4f, 0.4f, 0.2000001f}).steps[0].values[0].preset, 1.5f);
}

TEST(OverTime, GivesEachFrameASeedWithinTheRange) {
  Look look = parse_look(R"({"sfumato": 1, "steps": [{"op": "grain", "amount": 0.3, "seed": 7}]})", "test");
  const OpInfo& grain = *look.steps[0].op;
  const auto seed = [&](long long frame) { return at_frame(look, frame).steps[0].values.back().preset; };
  EXPECT_EQ(seed(0), 7);
  EXPECT_EQ(seed(5), 12);
  EXPECT_EQ(seed(65536 + 5), 12);
  for (const long long frame : {65528LL, 65529LL, 1'000'000'007LL}) {
    EXPECT_GE(seed(frame), grain.knobs.back().min);
    EXPECT_LE(seed(frame), grain.knobs.back().max);
  }
  EXPECT_TRUE(changes_with_frames(look));
  EXPECT_FALSE(changes_with_frames(exposed(1, 1)));
}

}  // namespace
}  // namespace sfumato
