// SPDX-License-Identifier: Apache-2.0
// The scale space of filters/scale_space.h as matrices: the same levels, mix and border, with gradients.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "filters/levels.h"
#include "tensor/ten.h"

namespace sfumato {

class TensorBlur {
 public:
  // Widths in pixels as for ScaleSpace; outside them the gradient in sigma is 0.
  TensorBlur(int width, int height, float sigma_low, float sigma_high, torch::TensorOptions);

  // picture [B, 3, H, W], sigma in pixels, broadcasting with [B, H, W] -> [B, 3, H, W].
  torch::Tensor operator()(const torch::Tensor& picture, const Ten& sigma) const;

 private:
  struct Axes {
    torch::Tensor x, y;  // [W, W] and [H, H]: what each output sample takes from each input sample
  };

  Levels levels_;
  std::vector<Axes> axes_;  // of each used level, from levels_.used().first
};

// Blurs of the sizes and widths last used: making their matrices costs more than using them.
class BlurCache {
 public:
  const TensorBlur& get(int width, int height, float sigma_low, float sigma_high, torch::TensorOptions);

 private:
  using Key = std::tuple<int, int, float, float, torch::Dtype>;
  std::map<Key, TensorBlur> blurs_;
};

}  // namespace sfumato
