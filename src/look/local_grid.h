// SPDX-License-Identifier: Apache-2.0
// A bilateral grid [Chen2007] of logits that share a photo among three transforms.
#pragma once

#include <array>
#include <vector>

namespace sfumato {

// Shares that add up to 1.
std::array<float, 3> softmax(std::array<float, 3> logits);

struct LocalGrid {
  int side, depth;
  const float* logits;              // [3][depth][side][side]
  const std::vector<float>& guide;  // heights 0..1 in the depth above evenly spread lumas

  // Three weights that add up to 1, for a luma at a place, each 0..1. Trilinear between centers of cells.
  std::array<float, 3> at(float luma, float x, float y) const;
};

}  // namespace sfumato
