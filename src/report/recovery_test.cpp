// SPDX-License-Identifier: Apache-2.0
#include "report/recovery.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

Look ranged() {
  return parse_look(
      R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": [-1, 0, 1]}, {"op": "saturation", "amount": 0.2}]})",
      "ranged");
}

Look with_stops(float stops) {
  Look look = ranged();
  set_knob(look, "exposure.stops=" + std::to_string(stops));
  return look;
}

TEST(Recovery, ComparesTheNumbersThatMadeThePairs) {
  Manifest made;
  made.knobs = {"exposure.stops", "vignette.amount"};
  made.pairs = {{"a", "", {}, {}, {-0.5f, 1}}, {"b", "", {}, {}, {0.0f, 1}}, {"c", "", {}, {}, {0.5f, 1}}};
  const auto found =
      recovered_knobs(made, ranged(), {{"a", with_stops(-0.4f)}, {"b", with_stops(0.0f)}, {"c", with_stops(0.3f)}});
  ASSERT_EQ(1u, found.size()) << "the look leaves no vignette open";
  EXPECT_EQ("exposure.stops", found[0].name);
  EXPECT_EQ(3, found[0].pairs);
  EXPECT_EQ(-0.5, found[0].low);
  EXPECT_EQ(0.5, found[0].high);
  EXPECT_NEAR(0.1, found[0].mean_error, 1e-6);
  EXPECT_NEAR(0.2, found[0].worst_error, 1e-6);
  EXPECT_NEAR(1 - (0.01 + 0.04) / 0.5, found[0].explained, 1e-6);
}

}  // namespace
}  // namespace sfumato
