// SPDX-License-Identifier: Apache-2.0
// A look whose transform of color differs from pixel to pixel, as a network sees fit (net/exemplar.h).
#pragma once

#include <memory>
#include <vector>

#include "files/safetensors.h"
#include "lane/cube.h"
#include "measure/analysis.h"
#include "measure/plane.h"
#include "net/net_spec.h"
#include "sfumato/look.h"

namespace sfumato {

// The shapes of a photo's picture, colors and features.
Shapes transform_inputs(const NetSpec&);

// What is added to each of the 30 coefficients of quadratic_lab, for every pixel of the analysis image. features:
// channels x LocalFeatures::cells.
std::vector<Plane> predict_transforms(const NetSpec&, const TensorFile& weights, const std::vector<float>& features,
                                      const Analysis&);

// The step, at each pixel with as large a share of that. Every node of its tables is a mean of what was predicted
// nearby, see map_table, within the knobs' ranges at strength 1.
LookStep with_transforms(const LookStep&, const std::vector<Plane>&, const Analysis&, float share);

}  // namespace sfumato
