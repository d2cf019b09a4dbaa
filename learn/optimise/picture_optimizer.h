// SPDX-License-Identifier: Apache-2.0
// Steps that make a picture better, and what of them is the result.
#pragma once

#include <torch/torch.h>

#include <functional>
#include <memory>

#include "learner/neural_paint.h"
#include "train/adam.h"

namespace sfumato {

class PictureOptimizer {
 public:
  // A differentiable scalar of the picture.
  using Loss = std::function<torch::Tensor(const torch::Tensor& picture)>;

  virtual ~PictureOptimizer() = default;
  // One step; false: no step leads further.
  virtual bool step(const Loss&) = 0;
  virtual torch::Tensor result() const = 0;  // [1, 3, H, W], 0..1
  // For a picture `start` of another size, going on with what was learned of the way.
  virtual std::unique_ptr<PictureOptimizer> resized(const torch::Tensor& start) const = 0;
  // What result() and resized() need, for files; and back, into an optimizer of a "picture" of that size.
  virtual NamedTensors state() const = 0;
  virtual void set_state(const NamedTensors&) = 0;
};

// Adam with values kept in 0..1; the result is a mean of its steps.
std::unique_ptr<PictureOptimizer> adam_optimizer(const torch::Tensor& start, const NeuralOptions&);
// L-BFGS with a line search for the strong Wolfe conditions; goes back to the best picture and forgets its history
// where the loss stops being a number.
std::unique_ptr<PictureOptimizer> lbfgs_optimizer(const torch::Tensor& start);

}  // namespace sfumato
