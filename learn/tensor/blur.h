// SPDX-License-Identifier: Apache-2.0
// The scale space of filters/scale_space.h as matrices: the same levels, mix and border, with gradients.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "filters/levels.h"
#include "tensor/ten.h"

namespace sfumato {

// What each level does along one axis: [n, n] matrices, of which making costs more than using. Pictures of one data set
// share few lengths, so those used are kept.
class AxisCache {
 public:
  // Of each used level of Levels(sigma_low, sigma_high).
  const std::vector<torch::Tensor>& get(int n, float sigma_low, float sigma_high, torch::TensorOptions);

 private:
  using Key = std::tuple<int, float, float, torch::Dtype>;
  std::map<Key, std::vector<torch::Tensor>> axes_;
};

class TensorBlur {
 public:
  // Widths in pixels as for ScaleSpace; outside them the gradient in sigma is 0.
  TensorBlur(int width, int height, float sigma_low, float sigma_high, torch::TensorOptions, AxisCache&);

  // picture [B, 3, H, W], sigma in pixels, broadcasting with [B, H, W] -> [B, 3, H, W].
  torch::Tensor operator()(const torch::Tensor& picture, const Ten& sigma) const;

 private:
  Levels levels_;
  std::vector<torch::Tensor> across_, down_;  // of each used level, from levels_.used().first
};

}  // namespace sfumato
