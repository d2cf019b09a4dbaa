// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "learner/learner.h"

namespace sfumato {

// The colors [n, 3, cells] after the transforms, each as far as its map [n, 3, cells] says; transforms [3, 3, 10].
torch::Tensor transformed(torch::Tensor colors, const torch::Tensor& maps, const torch::Tensor& transforms);

// [n, 10, ...]: the quadratic basis of the colors [n, 3, ...], as ops/quadratic_lab.h has it.
torch::Tensor quadratic_basis(const torch::Tensor& colors);

// Of the rate, at `t` of the way: up in the first tenth, then down along a cosine.
double rising_and_falling(double t);

// See Learner. The loss is the mean distance in Lab; all transforms start alike but for what tells them apart.
LocalTrained train_local(const std::vector<const LocalSample*>&, int side, const LocalTrainOptions&,
                         const std::function<bool(double)>& progress);

}  // namespace sfumato
