// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "learner/learner.h"

namespace sfumato {

// [n, 10, ...]: the quadratic basis of the colors [n, 3, ...], as ops/quadratic_lab.h has it.
torch::Tensor quadratic_basis(const torch::Tensor& colors);

// Of the rate, at `t` of the way: up in the first tenth, then down along a cosine.
double rising_and_falling(double t);

// See Learner. The loss is the mean distance in Lab; all tables start alike but for what tells them apart. What is
// added to the start of each is a polynomial, for all colors, and a smooth coarse table, for those seen.
LocalTrained train_local(const std::vector<const LocalSample*>&, int side, const LocalTrainOptions&,
                         const std::function<bool(double)>& progress);

}  // namespace sfumato
