// SPDX-License-Identifier: Apache-2.0
// Knobs that a look computes from each photo.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "look/adapter.h"
#include "measure/scene.h"
#include "sfumato/look.h"

namespace sfumato {

// The rule that a text gives by "from" alone: the measurement's usual target, all of the correction, the knob's range.
KnobRule usual_rule(int value, const std::string& from, const Knob&);

// Where the knob is for a photo that needs no correction, and where there is no photo (a LUT, a list of looks).
float resting_value(const KnobRule&, const Knob&);

// The rule of a value; nullptr when it has none.
const KnobRule* rule_of(const LookStep&, int value);

bool has_rules(const Look&);

// The look with each rule replaced by the range of what it may compute: what a network can learn to do instead.
Look with_ranges_for_rules(const Look&);

// Corrections and limits dialed as the knob itself would be.
void scale_rules(LookStep&, float strength);

// Turns rules into numbers for one photo.
std::shared_ptr<const Adapter> rules_adapter();

std::vector<std::string> scene_measure_names();

}  // namespace sfumato
