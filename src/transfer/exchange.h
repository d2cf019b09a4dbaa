// SPDX-License-Identifier: Apache-2.0
// Color and light of one picture, detail of another.
#pragma once

#include <functional>

#include "filters/domain_transform.h"
#include "image/float_planes.h"
#include "lane/pixel.h"

namespace sfumato {

struct ExchangeOptions {
  float reach = 0.05f;  // sigma_s of the domain transform as a share of the picture's longer side
  float edges = 0.8f;   // its sigma_r, of the sum of encoded red, green and blue
  int iterations = 3;
  // Detail as strong beside the whole picture's contrast as it was, and shadows as far from black (highlights from
  // white) as their detail needs. Without, I - RF_I(I) + RF_I(T) as it stands.
  bool fits_detail = true;
  float chroma = 1;  // of that detail, as a share of the photo's

  DomainTransformOptions filter(int width, int height) const;
};

// I - RF_I(I) + RF_I(T) in the linear form I + RF_I(T - I), where RF_I is the recursive domain transform guided by I.
struct Exchange {
  FloatPlanes change;  // three planes, or more of which three count
  float contrast = 1;  // of the result's detail, as a share of the photo's
  float chroma = 1;    // the same of what is not luma
  float knee = 0;      // of settled(), see settle.h

  // Turns n of the photo's colors, from pixel x of row y on, into the result's.
  void apply(int x, int y, const Strip& colors, int n) const;
};

// rows(y0, y1, guide, change) fills both with rows of I and of T - I, from several threads at once.
// Throws Code::resource, and what `rows` throws.
using ExchangeRows = std::function<void(int y0, int y1, PlanarRows& guide, PlanarRows& change)>;
Exchange exchanged(int width, int height, const ExchangeOptions&, const ExchangeRows& rows, int threads = 0);

}  // namespace sfumato
