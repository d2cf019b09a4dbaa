// SPDX-License-Identifier: Apache-2.0
// One polynomial of Lab for every photo (ops/quadratic_lab.h): less exact than a static grade, but smooth and nearly
// invertible, so that what comes after it can still tell colors apart.
#pragma once

#include <span>

#include "grade/samples.h"
#include "sfumato/look.h"

namespace sfumato {

// The least sum of distances in Lab, by reweighted least squares.
Look fit_quadratic_grade(std::span<const Samples>);

}  // namespace sfumato
