// SPDX-License-Identifier: Apache-2.0
// Color differences between two pictures in CIE L*a*b* of D65.
#pragma once

#include "color/delta_e.h"
#include "measure/plane.h"

namespace sfumato {

// How samples become L*a*b*.
enum class LabChain {
  srgb,       // sRGB curve and primaries; samples of any type
  srgb_8bit,  // the same after rounding to 8 bits
  prophoto,   // [Yan2016]: curve v^1.8 without a toe, ProPhoto primaries, Bradford adaptation from D50
};

// One row as L*a*b* of D65.
void read_lab_row(const View&, int y, LabChain, std::vector<Lab>& row);

struct LabDifference {
  double delta_e_76 = 0;    // mean over pixels of the distance in L*a*b*
  double delta_e_2000 = 0;  // mean over pixels
};

// `map`, when given, receives delta E 2000 of each pixel. Throws Code::input for different sizes.
LabDifference lab_difference(const View& a, const View& b, LabChain chain, int threads = 0, Plane* map = nullptr);

}  // namespace sfumato
