// SPDX-License-Identifier: Apache-2.0
// A look that adapts to each photo, from five or more pairs: named knobs predicted from the photo's descriptor, before
// a look that all photos share.
#pragma once

#include <span>
#include <vector>

#include "grade/static_grade.h"
#include "sfumato/look.h"

namespace sfumato {

struct AutoGradeOptions {
  StaticGradeOptions shared;  // of the last round
  int rounds = 10;            // of fitting each pair's knobs and the shared look in turn
};

struct AutoGrade {
  Look look;             // with its adapter
  double explained = 0;  // share of the variance of the pairs' knobs that the descriptor predicts for a pair left out
};

constexpr int fewest_pairs_to_adapt = 5;

// descriptors: of each pair's photo before the edit.
AutoGrade fit_auto_grade(std::span<const Samples>, const std::vector<std::vector<float>>& descriptors,
                         const AutoGradeOptions& = {});

}  // namespace sfumato
