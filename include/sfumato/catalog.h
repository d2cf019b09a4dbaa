// SPDX-License-Identifier: Apache-2.0
// What every image operation says about itself: the source of flags, manual, sliders and checks.
#pragma once

#include <span>
#include <string_view>

namespace sfumato {

// The space an operation works in. The plan inserts the conversions.
//   linear:  linear light, sRGB primaries, unbounded          encoded: linear through the sRGB curve (odd-extended
//   below 0) oklab:   [Ottosson2020], L 0..1, a and b about +-0.4      lab: CIE L*a*b* of D65, divided by (100, 128,
//   128)
enum class Space { linear, encoded, oklab, lab };

struct Card {
  const char* id;     // "tilt_shift": file name, flag and key in looks
  const char* title;  // "Tilt-shift"
  const char* about;  // one sentence
  Space space;
  const char* resource = nullptr;  // a file this operation needs, by its key in looks ("file")
};

struct Knob {
  const char* name;
  float min, max;
  float neutral;         // with every dialed knob here, the operation is exactly the identity
  const char* help;      // one sentence with the unit
  int count = 1;         // more than one: an array of values
  bool dial = true;      // scaled by a look's strength; false for shapes (a radius, a hue)
  float start = -1e30f;  // value of a knob that a look leaves out, and start of learning; absent: neutral

  constexpr float initial() const { return start > -1e29f ? start : neutral; }
};

struct OpInfo {
  Card card;
  std::span<const Knob> knobs;
  bool is_canvas;  // needs neighbours, not only the pixel itself
  bool is_local;   // depends on position: a LUT cannot carry it

  int value_count() const {
    int n = 0;
    for (const Knob& k : knobs) n += k.count;
    return n;
  }
};

// All operations, sorted by id.
std::span<const OpInfo> catalog();

// nullptr when there is none of that id.
const OpInfo* find_op(std::string_view id);

}  // namespace sfumato
