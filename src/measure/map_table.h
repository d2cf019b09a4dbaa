// SPDX-License-Identifier: Apache-2.0
// Maps over a photo, known at low resolution, as a table over (lightness, x, y): read at full resolution it follows the
// photo's edges, since pixels of other lightness read other nodes. A bilateral grid [Chen2007].
#pragma once

#include <array>
#include <functional>

#include "lane/cube.h"
#include "measure/analysis.h"
#include "measure/plane.h"

namespace sfumato {

// Every node is a mean of values nearby in place and lightness: nothing beyond the maps' least and greatest values, so
// that no edge overshoots. Planes of any size; their cells are spread evenly over the photo.
CubeTable map_table(const std::array<Plane, 3>& maps, const Analysis& photo);

// A table whose node at (lightness, x, y), each 0..1, holds what `at` says of that.
CubeTable table_over_photo(const std::function<std::array<float, 3>(float lightness, float x, float y)>& at);

// A place along a row of cells, counted from the first one's center, between the centers of two; clamped to them.
struct BetweenCells {
  int low, high;
  float share;  // of the way from low to high
  BetweenCells(float at, int cells);
};

// Bilinear, between centers of cells.
Plane resized(const Plane&, int width, int height);

}  // namespace sfumato
