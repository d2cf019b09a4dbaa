// SPDX-License-Identifier: Apache-2.0
// A look rendered on tensors, differentiable in the picture and in every knob.
#pragma once

#include <memory>

#include "sfumato/look.h"
#include "tensor/lookups.h"
#include "tensor/ten.h"

namespace sfumato {

class AxisCache;

// rgb: [B, 3, ...] sRGB-encoded, and where in their pictures the pixels are.
struct TensorPixels {
  torch::Tensor rgb;
  Site<Ten> site;
  int width = 0, height = 0;  // of whole pictures

  // All of [B, 3, H, W].
  static TensorPixels whole(const torch::Tensor& pictures);
  // Some pixels of each picture, [B, 3, N]. x, y: column and row, [B, N]; width, height of the pictures, [B, 1].
  static TensorPixels some(const torch::Tensor& rgb, const torch::Tensor& x, const torch::Tensor& y,
                           const torch::Tensor& width, const torch::Tensor& height);
};

class TensorLook {
 public:
  // Steps keep their order; none is dropped. Tables are constants.
  explicit TensorLook(const Look&);

  const Look& look() const { return look_; }
  int value_count() const { return static_cast<int>(presets_.size()); }
  // Numbers of all steps in order, arrays flattened, as looks hold them.
  torch::Tensor presets() const { return torch::tensor(presets_); }
  bool is_point() const;

  // Values: [K], [B, K], or per-pixel maps [B, K, ...]. Result like pixels.rgb. Canvas operations need whole pictures.
  // sigma_room: how far above the blurs' present widths gradients in them reach; 1 renders just as the fast path does.
  torch::Tensor operator()(const TensorPixels&, const torch::Tensor& values, float sigma_room = 1.0f) const;

 private:
  Look look_;
  std::vector<float> presets_;
  std::shared_ptr<AxisCache> axes_;
};

}  // namespace sfumato
