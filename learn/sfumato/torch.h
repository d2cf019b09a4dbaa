// SPDX-License-Identifier: Apache-2.0
// Looks and losses with gradients, for programs that train with LibTorch. It starts with one thread; see
// torch::set_num_threads.
#pragma once

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <string>

#include "sfumato/look.h"

namespace sfumato {

class TensorLook;

// A look rendered on tensors of any device, differentiable in the pictures and in every knob.
class DifferentiableLook {
 public:
  // Steps keep their order, none is dropped; tables are constants. Throws Code::look: as Plan does, and for steps that
  // work in places.
  explicit DifferentiableLook(const Look&);

  // The look's own numbers, [K]: of all steps in order, arrays flattened, as in LookStep::values.
  torch::Tensor presets() const;

  // pictures: [B, 3, H, W], sRGB-encoded. values: [K], [B, K] of one look for each picture, or maps [B, K, H, W].
  // With presets() the pixels of render() within 1e-5, before rounding.
  torch::Tensor operator()(const torch::Tensor& pictures, const torch::Tensor& values) const;

 private:
  std::shared_ptr<const TensorLook> look_;
};

// How far a picture is from a target, both [B, 3, H, W], encoded; a scalar with gradient in the picture.
using PictureLoss = std::function<torch::Tensor(const torch::Tensor& picture, const torch::Tensor& target)>;

// Mean absolute difference of the soft cumulative distributions of each channel.
PictureLoss tone_loss();

// Squared distances between features [Johnson2016]. weights: a VGG-16 or VGG-19 file with torchvision's names; empty:
// seeded features, which know edges and textures. Throws Code::look.
PictureLoss perceptual_loss(const std::string& weights = {});

}  // namespace sfumato
