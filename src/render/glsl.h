// SPDX-License-Identifier: Apache-2.0
// A look as GLSL ES 3.00, printed from the same operation headers that the renderer runs.
#pragma once

#include <string>
#include <vector>

#include "sfumato/look.h"

namespace sfumato {

struct GlslLook {
  std::string text;                      // defines vec3 look(vec3 encoded_srgb, Site at)
  std::vector<std::string> not_carried;  // operations that need neighbors, and tables behind curves
  int tables = 0;                        // sampler3D table0, table1 ... to bind, NEAREST, clamped
};

// Coefficients are written into the text as constants.
GlslLook print_glsl(const Look&);

}  // namespace sfumato
