// SPDX-License-Identifier: Apache-2.0
// Statistics of brushwork: a picture moved so that its patches are distributed as those of the style.
#pragma once

#include <cstdint>

#include "paint/planes.h"

namespace sfumato {

struct PolishOptions {
  int steps = 6;  // at each of `scales` resolutions, each half of the next
  int scales = 3;
  int directions = 24;  // of patches, new ones in each step
  float rate = 0.6f;    // share of the way in each step
  int side = 7;
  std::uint32_t seed = 1;
};

// Sliced optimal transport of patches [Elnekave2022]: along random directions, each patch's projection goes to the
// style's of the same rank; pixels take the mean of what their patches ask for.
Planes polished(const Planes& picture, const Planes& style, const PolishOptions&, int threads);

}  // namespace sfumato
