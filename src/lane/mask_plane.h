// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace sfumato {

// Weights 0..1 over the whole picture, of any size: bilinear between the centers of its cells.
struct MaskPlane {
  int width = 1, height = 1;
  std::vector<float> values;  // rows, packed
};

}  // namespace sfumato
