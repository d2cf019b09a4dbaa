// SPDX-License-Identifier: Apache-2.0
// The same look for every photo, from one or more pairs, in closed form: curves, a matrix and a table of what they
// leave, in that order.
#pragma once

#include <span>

#include "grade/expected_table.h"
#include "grade/lattice.h"
#include "sfumato/look.h"

namespace sfumato {

struct StaticGradeOptions {
  int table_size = 0;     // nodes per axis; 0: as many as the pairs can fill, 33 to 65
  int most_cells = 4000;  // of the expectation: more take longer and tell little more
  int rounds = 2;         // of the expectation, where pairs contradict each other
  ExpectationOptions expectation;
  ResidualOptions residual;
};

constexpr int rough_cells = 1200;  // for looks that only tell what others are to be

Look fit_static_grade(std::span<const Samples>, const StaticGradeOptions& = {});

}  // namespace sfumato
