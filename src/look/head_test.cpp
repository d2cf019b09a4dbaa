// SPDX-License-Identifier: Apache-2.0
#include "look/head.h"

#include <gtest/gtest.h>

#include "sfumato/render.h"

namespace sfumato {
namespace {

const char* ranged = R"({"sfumato": 1, "steps": [
  {"op": "exposure", "stops": [-1, 0.2, 2]},
  {"op": "tilt_shift", "sigma": [0, 0, 10], "center_y": [0.2, 0.5, 0.8], "width": 0.1},
  {"op": "vignette", "amount": [0.2, 0.4, 0.6]}]})";

TEST(Head, HasOneOutputForEachRange) {
  const auto outputs = head_of(parse_look(ranged, "test"));
  ASSERT_EQ(4u, outputs.size());
  EXPECT_EQ(0.0f, outputs[3].low) << "a range is widened to hold neutral";
  EXPECT_GT(outputs[1].start, 0.0f) << "a blur of width 0 has no slope to learn from";
}

TEST(Head, LeavesPhotosAloneAtZero) {
  const Look look = parse_look(ranged, "test");
  const auto outputs = head_of(look);
  const float zeros[4]{};
  EXPECT_TRUE(Plan(with_raw(look, outputs, zeros)).is_identity());
}

TEST(Head, RawNumbersGiveTheValuesTheyCameFrom) {
  const Look look = parse_look(ranged, "test");
  const auto outputs = head_of(look);
  for (float share : {0.1f, 0.5f, 0.95f}) {
    float raw[4];
    for (int i = 0; i < 4; ++i)
      raw[i] = raw_of(outputs[i], outputs[i].low + share * (outputs[i].high - outputs[i].low));
    const Look got = with_raw(look, outputs, raw);
    for (const HeadOutput& o : outputs)
      EXPECT_NEAR(got.steps[o.step].values[o.value].preset, o.low + share * (o.high - o.low), 1e-5f * (o.high - o.low));
  }
}

TEST(Head, NeverLeavesTheRange) {
  const Look look = parse_look(ranged, "test");
  const auto outputs = head_of(look);
  for (float size : {-1e9f, -3.0f, 3.0f, 1e9f}) {
    const float raw[4]{size, size, size, size};
    const Look got = with_raw(look, outputs, raw);
    for (const HeadOutput& o : outputs) {
      EXPECT_GE(got.steps[o.step].values[o.value].preset, o.low);
      EXPECT_LE(got.steps[o.step].values[o.value].preset, o.high);
    }
  }
}

}  // namespace
}  // namespace sfumato
