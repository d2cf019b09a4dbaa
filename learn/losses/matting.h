// SPDX-License-Identifier: Apache-2.0
// How far a picture is from what local affine maps of a photo's colors can make: edges stay where the photo has them,
// and nothing flat gets a texture [Luan2017] eq. 2.
#pragma once

#include <torch/torch.h>

namespace sfumato {

// The matting Laplacian L of a photo [Levin2008] eq. 12, as a product without a matrix.
class MattingLaplacian {
 public:
  // photo: [1, 3, H, W], 0..1, sides at least 3. `epsilon` as in the equation: what keeps maps gentle in flat windows.
  explicit MattingLaplacian(const torch::Tensor& photo, double epsilon = 1e-7);

  // L V for each channel V of [1, C, H, W], in double precision.
  torch::Tensor times(const torch::Tensor& picture) const;
  // The sum of V^T L V over channels; differentiable.
  torch::Tensor energy(const torch::Tensor& picture) const;

 private:
  torch::Tensor colors_;   // [N, 3, 9] of N windows of 3 x 3 pixels, each less its mean
  torch::Tensor inverse_;  // [N, 3, 3] of their covariances
};

}  // namespace sfumato
