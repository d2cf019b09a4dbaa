// SPDX-License-Identifier: Apache-2.0
// What looks are like before any pair was seen: ours, with knobs drawn at random.
#pragma once

#include <cstdint>
#include <vector>

#include "sfumato/look.h"

namespace sfumato {

// What photographers do (exposure, curves, matrices, saturation, hue bands, color chrome, split tone, a Lab
// polynomial), or what films do (dyes that mix between two curves, then hue bands or a polynomial); each mild or strong
// together.
enum class LookKind { edit, film };

// The same seed gives the same look on every machine.
Look random_look(LookKind, std::uint32_t seed);

// Many of them on one lattice over the unit cube, clipped to 0..1.
struct LookSample {
  // Edits come first.
  static constexpr int nodes_per_axis = 17, edits = 2000, films = 1500, count = edits + films;
  // values[(node * 3 + channel) * count + look], as deviation from mean[node * 3 + channel], which is the edits'; node
  // as in CubeTable.
  std::vector<float> values, mean;
};

// Computed at the first call, then kept.
const LookSample& look_sample();

}  // namespace sfumato
