// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "learner/learner.h"

namespace sfumato {

// The colors [n, 3, cells] after the transforms, each as far as its map [n, 3, cells] says; transforms [3, 3, 10].
torch::Tensor transformed(torch::Tensor colors, const torch::Tensor& maps, const torch::Tensor& transforms);

// See Learner. The loss is the mean distance in Lab; all transforms start alike but for what tells them apart.
LocalTrained train_local(const std::vector<const LocalSample*>&, int side, const LocalTrainOptions&,
                         const std::function<bool(double)>& progress);

}  // namespace sfumato
