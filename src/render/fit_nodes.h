// SPDX-License-Identifier: Apache-2.0
// Nodes of a table chosen so that what programs interpolate between them, and clip, is nearest to a function of color.
#pragma once

#include <functional>
#include <vector>

#include "lane/cube.h"
#include "lane/pixel.h"

namespace sfumato {

using ColorFunction = std::function<std::vector<Rgb<float>>(const std::vector<Rgb<float>>&)>;

// `table` spans 0..1 without a shaper and holds samples of the function. Least squares over colors within every cell,
// then the worst of them once more, tetrahedral interpolation, values clipped to 0..1. Grays stay samples: they must
// not take on color from beside them. A function that the table already holds exactly is left alone, and so is a table
// too large to gain from it.
void fit_nodes(CubeTable& table, const ColorFunction& function);

}  // namespace sfumato
