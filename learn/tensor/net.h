// SPDX-License-Identifier: Apache-2.0
// A NetSpec as an autograd graph: the differentiable twin of net/engine.h.
#pragma once

#include "files/safetensors.h"
#include "net/net_spec.h"
#include "train/adam.h"

namespace sfumato {

class TensorNet {
 public:
  // Fresh parameters: kernels from the uniform distribution of [He2015] for ReLU, biases 0, gains 1. The same seed
  // gives the same bits.
  TensorNet(NetSpec, std::uint64_t seed);
  // Parameters of a file. Throws Code::look naming the first that is missing or of another shape.
  TensorNet(NetSpec, const TensorFile&);

  const NetSpec& spec() const { return spec_; }
  // Those that training changes; they require gradients.
  const NamedTensors& parameters() const { return parameters_; }
  // No gradients any more; kernels in `compute` and channels last, which processors like.
  void freeze(torch::Dtype compute = torch::kFloat);
  void to(torch::Device);
  void set(const NamedTensors&);
  // Kernels become orthogonal, with a gain for ReLU: they keep the size of what they see [Saxe2014].
  void make_orthogonal();
  // The part that these outputs need, with its parameters.
  TensorNet cut(const std::vector<std::string>& outputs) const;

  // While training: shares of the channels of inputs and nodes, by their names, that are dropped at random
  // [Tompson2015], so that no single observation decides.
  struct Dropout {
    std::map<std::string, double> shares;
    torch::Generator generator;
  };
  // Any batch size. In `compute` (kFloat or kBFloat16); outputs are float.
  NamedTensors operator()(const NamedTensors& inputs, torch::Dtype compute = torch::kFloat,
                          const Dropout* = nullptr) const;

  // For files, together with the spec.
  TensorFile file() const;

 private:
  torch::Tensor run(const Node&, const std::vector<torch::Tensor>& in, torch::Dtype) const;
  torch::Tensor parameter(const Node&, const char* name, torch::Dtype) const;

  NetSpec spec_;
  NamedTensors parameters_, fixed_;
};

// Names of tensors with a common beginning, and without it.
Tensor to_file_tensor(const torch::Tensor&);
torch::Tensor from_file_tensor(const Tensor&);

}  // namespace sfumato
