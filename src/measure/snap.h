// SPDX-License-Identifier: Apache-2.0
// Masks made to fit a photo.
#pragma once

#include "measure/analysis.h"
#include "measure/plane.h"

namespace sfumato {

// The mask's borders move to edges of the photo nearby: a guided filter [He2013] over 1.5 % of the long edge, with its
// values pushed back toward 0 and 1. Both planes of one size; the guide 0..1.
Plane snapped_to_edges(const Plane& mask, const Plane& guide);

// Gaussian of `sigma` pixels.
Plane feathered(const Plane&, float sigma);

// How much fine detail there is around each pixel of the analysis image, 0 (smooth) to 1 (busy).
Plane detail_of(const Analysis&);

}  // namespace sfumato
