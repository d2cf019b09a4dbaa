// SPDX-License-Identifier: Apache-2.0
// What looks are like before any pair was seen: ours, with knobs drawn at random.
#pragma once

#include <cstdint>
#include <vector>

#include "sfumato/look.h"

namespace sfumato {

// A look of exposure, curves, matrices, saturation, hue bands, color chrome, split tone and a Lab polynomial; each
// mild or strong together. The same seed gives the same look on every machine.
Look random_look(std::uint32_t seed);

// Many of them on one lattice over the unit cube, clipped to 0..1.
struct LookSample {
  static constexpr int nodes_per_axis = 17, count = 2000;
  // values[(node * 3 + channel) * count + look], as deviation from mean[node * 3 + channel]; node as in CubeTable.
  std::vector<float> values, mean;
};

// Computed at the first call, then kept.
const LookSample& look_sample();

}  // namespace sfumato
