// SPDX-License-Identifier: Apache-2.0
// Where a photo has structure, whatever its colors: what pictures before and after an edit have in common.
#pragma once

#include <vector>

#include "pairs/photo.h"
#include "sfumato/image.h"

namespace sfumato {

struct StructureMap {
  int width = 0, height = 0;
  std::vector<float> value;

  StructureMap() = default;
  StructureMap(int w, int h) : width(w), height(h), value(static_cast<std::size_t>(w) * h) {}
  float& at(int x, int y) { return value[static_cast<std::size_t>(y) * width + x]; }
  float at(int x, int y) const { return value[static_cast<std::size_t>(y) * width + x]; }
};

// Mean over a square of 2 * reach + 1; the border counts only what is there.
StructureMap box_mean(const StructureMap&, int reach);

// Size of the gradient over all channels against that of the surroundings: tone curves, color changes, even
// inversion leave it nearly as it is.
StructureMap structure(const Picture&);

// The photo turned (by quarters clockwise, mirrored first for 4..7).
Picture turned(const Picture&, int turn);
const char* turn_text(int turn);  // "turned by 90 degrees", "mirrored", ...
int inverse_turn(int turn);
bool swaps_sides(int turn);

// Correlation, -1..1.
double structure_correlation(const std::vector<float>&, const std::vector<float>&);

}  // namespace sfumato
