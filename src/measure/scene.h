// SPDX-License-Identifier: Apache-2.0
// What a photo is like, in named numbers: what the rules of a look are computed from. Adding a measurement is adding
// an entry to the table in scene.cpp.
#pragma once

#include <span>
#include <string_view>

#include "measure/scene_pixels.h"

namespace sfumato {

struct SceneMeasure {
  // How a knob brings the measured number to a target.
  enum class Kind {
    stops,   // a light level: log2(target / measured)
    factor,  // an amount: target / measured - 1
    shift,   // a position on a scale: target - measured
    place,   // no target: the knob is the measured number itself
  };

  const char* name;
  const char* about;
  Kind kind;
  float usual;  // the target when a rule names none
  float (*of)(const ScenePixels&);

  // The change of a knob that brings a photo that measures `measured` to `target`.
  float correction(float measured, float target) const;
};

std::span<const SceneMeasure> scene_measures();

// nullptr when there is none of that name.
const SceneMeasure* find_scene_measure(std::string_view name);

}  // namespace sfumato
