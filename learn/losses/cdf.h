// SPDX-License-Identifier: Apache-2.0
// Tone statistics as a loss: the distance between soft cumulative distributions.
#pragma once

#include <torch/torch.h>

#include "measure/soft_cdf.h"

namespace sfumato {

// values [R, N] -> [R, count], one distribution per row. Gradient in values.
torch::Tensor soft_cdf(const torch::Tensor& values, const SoftBins& = {});

// Mean absolute difference of the distributions of a and b, rows of [B, 3, ...] pictures by channel: with fine bins the
// first Wasserstein distance of their tones. Differentiable in both.
torch::Tensor cdf_loss(const torch::Tensor& a, const torch::Tensor& b, const SoftBins& = {});

}  // namespace sfumato
