// SPDX-License-Identifier: Apache-2.0
// Runs a network on the processor: a NetSpec and its weights become oneDNN primitives for one size of input.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "files/safetensors.h"
#include "net/net_spec.h"

namespace sfumato {

struct NetEngineOptions {
  int threads = 0;     // 0: one per processor
  bool exact = false;  // 32-bit numbers everywhere; otherwise bfloat16 where the processor has instructions for it
};

// Not for several threads at once. The weights are copied: the file may go.
class NetEngine {
 public:
  // inputs: the shapes that run() will get, see input_shapes(). Throws Code::look: a net that does not fit together, or
  // weights that lack tensors or have them in other shapes, all by name. Code::resource: no memory.
  NetEngine(const NetSpec&, const TensorFile& weights, const Shapes& inputs, const NetEngineOptions& = {});
  ~NetEngine();
  NetEngine(NetEngine&&) noexcept;

  // Planar float in and out, in the order of the spec's inputs and outputs.
  void run(std::span<const float* const> inputs, std::span<float* const> outputs);
  std::vector<Tensor> run(const std::vector<Tensor>& inputs);

  const std::vector<Shape>& output_shapes() const;
  bool is_exact() const;
  std::size_t buffer_bytes() const;  // besides the weights

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Throws Code::look naming all tensors that the net needs and the file lacks or has in another shape.
void check_weights(const NetSpec&, const Shapes&, const TensorFile&);

}  // namespace sfumato
