// SPDX-License-Identifier: Apache-2.0
// A 3D table in the memory layout that every lane's table3 reads.
#pragma once

#include <vector>

namespace sfumato {

// nodes[((b * size + g) * size + r) * 4 + channel]; channel 3 is padding for aligned 128-bit loads.
// Inputs are scaled as (value - low) * scale into 0 .. size-1, then clamped.
struct CubeTable {
  int size = 2;
  float low[3]{0, 0, 0}, scale[3]{1, 1, 1};
  std::vector<float> nodes;
};

}  // namespace sfumato
