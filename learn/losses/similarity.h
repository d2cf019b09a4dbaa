// SPDX-License-Identifier: Apache-2.0
// How much of a photo a picture of it keeps, whatever became of its colors.
#pragma once

#include <torch/torch.h>

namespace sfumato {

// Mean difference of luma [BT.601]. [B, 3, H, W]
torch::Tensor luma_difference(const torch::Tensor& picture, const torch::Tensor& photo);

// Of points [N, C]: how unlike each is to each, as shares of its whole unlikeness, in the one set and in the other
// [Kolkin2019] eq. 8.
torch::Tensor self_similarity(const torch::Tensor& x, const torch::Tensor& y);
// The same of colors and slopes of pictures reduced to about 24 x 24. [B, 3, H, W]
torch::Tensor picture_self_similarity(const torch::Tensor& picture, const torch::Tensor& photo);

// 1 - cosine of the angle between each of x [N, C] and each of y [M, C].
torch::Tensor cosine_costs(const torch::Tensor& x, const torch::Tensor& y);

}  // namespace sfumato
