// SPDX-License-Identifier: Apache-2.0
// Whether two pictures are made of the same small pieces.
#pragma once

#include <torch/torch.h>

namespace sfumato {

// Sliced Wasserstein distance of 7 x 7 patches [Elnekave2022] along `count` random directions that do not see a patch's
// mean color, at `scales` octaves: the mean of absolute differences. Finer scales are seen at fewer places, from a
// random one on. [B, 3, H, W] of one size; gradient in `picture`.
torch::Tensor patch_distance(const torch::Tensor& picture, const torch::Tensor& target, at::Generator random,
                             int scales = 3, int count = 16);

}  // namespace sfumato
