// SPDX-License-Identifier: Apache-2.0
// The network through which a painting is compared with photo and style.
#pragma once

#include <optional>

#include "losses/style_loss.h"

namespace sfumato {

class FeatureNet {
 public:
  // VGG from the file of the options with those of the distance's layers that the file reaches, or with random
  // orthogonal kernels. Tells `warn` what is missing. Throws Code::look.
  FeatureNet(const NeuralOptions&, torch::Device, const std::function<void(const std::string&)>& warn);

  // What is compared where; content_weight and seed are the options'.
  const StylePlan& plan() const { return plan_; }
  // [1, 3, H, W], 0..1. Activations of random kernels come with root mean square 1 on what normalized() was given last.
  Features operator()(const torch::Tensor& picture) const;
  Features normalized(const torch::Tensor& style);

 private:
  Features seen_whole(const torch::Tensor& picture) const;

  StylePlan plan_;
  std::optional<TensorNet> net_;
  double magnitude_ = 1;
  std::map<std::string, double> scales_;
  torch::Dtype compute_;
  const int largest_whole_, tile_;
};

}  // namespace sfumato
