// SPDX-License-Identifier: Apache-2.0
// A look as GLSL ES 3.00, printed from the same operation headers that the renderer runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sfumato/look.h"

namespace sfumato {

// How coefficients stand in the text: as constants; or as reads of `uniform float coefficients[]`, so that looks whose
// steps differ only in their knobs share one text.
enum class GlslNumbers { constants, uniforms };

struct GlslLook {
  std::string text;                      // defines vec3 look(vec3 encoded_srgb, Site at)
  std::vector<std::string> not_carried;  // operations that need neighbors or maps, and tables behind curves
  std::vector<float> coefficients;       // to upload, for GlslNumbers::uniforms
  std::vector<std::shared_ptr<const CubeTable>> tables;  // to bind as sampler3D table0, table1 ..., NEAREST, clamped
};

GlslLook print_glsl(const Look&, GlslNumbers = GlslNumbers::constants);

}  // namespace sfumato
