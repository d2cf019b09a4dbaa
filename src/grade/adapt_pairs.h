// SPDX-License-Identifier: Apache-2.0
// What each pair has of its own: a few named knobs before a look that all pairs share.
#pragma once

#include <span>
#include <vector>

#include "grade/samples.h"
#include "look/ridge_adapter.h"
#include "sfumato/look.h"

namespace sfumato {

// Exposure, white balance, saturation and curve at neutral: the steps that adapt.
std::vector<LookStep> adapting_steps();

// Their knobs that do, each with what counts as one unit of change.
struct AdaptingKnob {
  AdaptedKnob at;
  float unit;
};
const std::vector<AdaptingKnob>& adapting_knobs();

// The steps with the knobs at `units`, within their ranges.
std::vector<LookStep> adapting_steps(const std::vector<float>& units);

// The knobs, in units, that bring the samples through the look nearest to their targets; toward `expected` where
// they tell little. By Gauss-Newton steps [Nocedal2006] 10.3.
std::vector<float> fit_knobs(const Samples&, const Look& shared, const std::vector<float>& expected);

// Samples with the inputs taken through the steps.
Samples adapted(const Samples&, const std::vector<float>& units);

}  // namespace sfumato
