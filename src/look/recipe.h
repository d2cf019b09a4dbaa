// SPDX-License-Identifier: Apache-2.0
// What a user asked for, before any photo is seen: looks, their strength, and settings on top.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "measure/analysis.h"
#include "sfumato/look.h"

namespace sfumato {

struct LookRecipe {
  std::vector<Look> looks;            // one after the other
  float strength = 1;                 // of each look
  std::vector<std::string> settings;  // see set_knob; they come last and win

  // Whether a photo's analysis changes what resolve() returns.
  bool is_adaptive() const;

  // The plain look for one photo: adapted, dialed, stacked, set. Without a photo, the look for all photos.
  // confidence: the least of the adapters'; 1 where nothing adapts. Throws Code::usage: strength or settings.
  struct Resolved {
    Look look;
    float confidence = 1;
  };
  Resolved resolve(const Analysis* photo = nullptr) const;

  // All of it as one look whose ranges and rules are still open: what pairs are generated from.
  Look open() const;

  // Of all that changes pixels, apart from the photo: knobs, tables and adapters by content.
  std::uint64_t hash() const;
};

}  // namespace sfumato
