// SPDX-License-Identifier: Apache-2.0
// A look as a 3D table, and how far the table is from the look.
#pragma once

#include <string>
#include <vector>

#include "lane/cube.h"
#include "sfumato/look.h"

namespace sfumato {

struct Baked {
  CubeTable table;
  std::vector<std::string> not_carried;  // operations left out: their result depends on position or neighbors
  double outside = 0.0;                  // share of nodes that the renderer puts outside 0..1
};

// How far a table is from the renderer, without the operations that no table carries.
struct Residual {
  double mean_e, p99_e, max_e;             // delta E 2000
  double mean_difference, max_difference;  // of encoded values, 0..1
};

// size nodes per axis over encoded sRGB 0..1, fitted (fit_nodes.h). Values outside 0..1 stay: clipping after
// interpolation, as every program does, is then exact where clipping the nodes would bend the last cell before the
// border.
Baked bake(const Look&, int size);

Residual residual_of(const CubeTable&, const Look&);

}  // namespace sfumato
