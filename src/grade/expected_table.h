// SPDX-License-Identifier: Apache-2.0
// A table for all colors from samples of some.
#pragma once

#include <algorithm>

#include "grade/random_looks.h"
#include "grade/samples.h"
#include "lane/cube.h"

namespace sfumato {

// What the table is expected to be where no samples are: a look made of the random looks' deviations from their mean,
// each with a normal prior weight (a Gaussian process whose covariance is that of the random looks
// [Rasmussen2006] 2.1). Clipped samples count where the others would not lead nearly so far.
struct ExpectationOptions {
  int looks = LookSample::count;  // random ones to go by, the first of them
  float misfit = 0.0025f;         // of what random looks cannot express, standard deviation
  float alike = 5;                // so many samples close to each other disagree with others as one

  // For edits that differ from photo to photo, as no film does.
  ExpectationOptions by_hand() const { return {std::min(looks, LookSample::edits), 0.004f, alike}; }
};
CubeTable expected_table(const Samples&, const ExpectationOptions& = {});

}  // namespace sfumato
