// SPDX-License-Identifier: Apache-2.0
// A small network that learns, beside another one, to tell its pictures from those it should make, by pieces of about
// 20 x 20 pixels [Isola2017]. What no distance describes it finds.
#pragma once

#include "tensor/net.h"
#include "train/adam.h"

namespace sfumato {

class Critic {
 public:
  Critic(double rate, std::uint64_t seed, torch::Device, torch::Dtype compute);

  // One step of learning; its loss, the hinge of [Lim2017]: 2 when it knows nothing. [B, 3, H, W]
  torch::Tensor learn(const torch::Tensor& made, const torch::Tensor& wanted, double rate_share);
  // Less is more like what was wanted. Gradient in `made` alone.
  torch::Tensor judge(const torch::Tensor& made);

  NamedTensors parameters() const { return net_.parameters(); }
  NamedTensors state() const { return adam_.state(); }
  void set(const NamedTensors& parameters, const NamedTensors& state);

 private:
  torch::Tensor marks(const torch::Tensor& picture) const;

  TensorNet net_;
  Adam adam_;
  torch::Dtype compute_;
};

}  // namespace sfumato
