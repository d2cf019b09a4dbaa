// SPDX-License-Identifier: Apache-2.0
// AdamW [Loshchilov2019] on named tensors, with a state that files can hold.
#pragma once

#include <torch/torch.h>

#include <map>
#include <string>

namespace sfumato {

using NamedTensors = std::map<std::string, torch::Tensor>;

class Adam {
 public:
  struct Options {
    double rate = 2e-3, beta1 = 0.9, beta2 = 0.99, epsilon = 1e-8, decay = 1e-2;
  };
  Adam(NamedTensors parameters, const Options& options) : parameters_(std::move(parameters)), options_(options) {}

  // Uses and clears the parameters' gradients. rate_share scales the rate of this step. Biases and gains (one
  // dimension) do not decay.
  void step(double rate_share);

  // Steps done and moments, and back.
  NamedTensors state() const;
  void set_state(const NamedTensors&);

 private:
  NamedTensors parameters_, first_, second_;
  Options options_;
  std::int64_t steps_ = 0;
};

}  // namespace sfumato
