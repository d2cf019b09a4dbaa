// SPDX-License-Identifier: Apache-2.0
// Differences that are seen rather than counted: squared distances between features of a network [Johnson2016].
#pragma once

#include <string>

#include "tensor/net.h"

namespace sfumato {

class PerceptualLoss {
 public:
  // weights: a VGG-16 or VGG-19 file with torchvision's names; relu1_2, relu2_2, relu3_3 are compared, as
  // far as the file goes. Empty: three 3x3 convolutions with seeded orthogonal kernels, which know edges and
  // textures but nothing of what pictures show. Throws Code::look.
  explicit PerceptualLoss(const std::string& weights);

  // a, b: [B, 3, H, W], encoded. Each layer's mean square difference is relative to b's mean
  // square there, picture by picture.
  torch::Tensor operator()(const torch::Tensor& a, const torch::Tensor& b) const;
  void to(torch::Device device) { net_.to(device); }

 private:
  TensorNet net_;
};

}  // namespace sfumato
