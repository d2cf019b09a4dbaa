// SPDX-License-Identifier: Apache-2.0
// The end of a network that predicts a look: which knobs it sets, and how its raw numbers become their values.
#pragma once

#include <vector>

#include "lane/pixel.h"
#include "sfumato/look.h"

namespace sfumato {

// One learned number: where it stands in the look, and its range. Raw 0 is neutral, so that a network whose last layer
// is zero leaves every photo as it is, to the bit.
struct HeadOutput {
  int step, value;  // look.steps[step].values[value]
  float low, neutral, high;
  float start;  // where training begins: the preset, or where neutral has no slope the knob's start
};

// Every knob value of the look that is a range; ranges are widened to hold neutral.
std::vector<HeadOutput> head_of(const Look&);

// The look with those knobs set from raw numbers, one for each output; other knobs keep their presets.
Look with_raw(const Look&, const std::vector<HeadOutput>&, const float* raw);

// The raw number that gives a value, at most 3 in size.
float raw_of(const HeadOutput&, float value);

inline namespace SFM_ISA {

// Smooth on either side of neutral, bounded by the range.
template <class V>
V squash(const V& raw, const V& below, const V& neutral, const V& above) {
  // tanh; beyond 10 it is 1 in any float.
  V e = exp2(clamp(raw, V(-10.0f), V(10.0f)) * V(2.8853900818f));
  V t = (e - V(1.0f)) / (e + V(1.0f));
  return neutral + t * select(raw < V(0.0f), below, above);
}

}  // namespace SFM_ISA
}  // namespace sfumato
