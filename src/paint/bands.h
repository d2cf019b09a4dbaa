// SPDX-License-Identifier: Apache-2.0
// Contrast by coarseness: averages of overlapping patches lose fine contrast, and get it back.
#pragma once

#include "paint/planes.h"

namespace sfumato {

struct BandOptions {
  int count = 5;  // octaves of a Laplacian pyramid [Burt1983]
  float least = 0.7f, most = 2;
};

// The picture, each band times the style's deviation in that band over its own, within limits.
Planes with_bands_of(const Planes& style, const Planes& picture, const BandOptions& = {});

}  // namespace sfumato
