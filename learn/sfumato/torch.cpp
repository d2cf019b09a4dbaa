// SPDX-License-Identifier: Apache-2.0
#include "sfumato/torch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "losses/cdf.h"
#include "losses/perceptual.h"
#include "sfumato/error.h"
#include "sfumato/render.h"
#include "tensor/tensor_look.h"

namespace sfumato {
namespace {

std::string shape_of(const torch::Tensor& t) { return fmt::format("[{}]", fmt::join(t.sizes(), ", ")); }

}  // namespace

DifferentiableLook::DifferentiableLook(const Look& look) {
  const Plan checked(look);
  for (const LookStep& s : look.steps)
    if (s.where.is_set() || !s.value_tables.empty())
      throw Error(Code::look,
                  fmt::format("{}: works in places of a photo; expected steps for all of it", s.op->card.id), look.id);
  look_ = std::make_shared<const TensorLook>(look);
}

torch::Tensor DifferentiableLook::presets() const { return look_->presets(); }

torch::Tensor DifferentiableLook::operator()(const torch::Tensor& pictures, const torch::Tensor& values) const {
  if (pictures.dim() != 4 || pictures.size(1) != 3)
    throw Error(Code::usage, fmt::format("found pictures {}; expected [B, 3, H, W]", shape_of(pictures)));
  const int dims = static_cast<int>(values.dim());
  const bool fits = (dims == 1 || ((dims == 2 || dims == 4) && values.size(0) == pictures.size(0))) &&
                    values.size(dims == 1 ? 0 : 1) == look_->value_count() &&
                    (dims < 4 || (values.size(2) == pictures.size(2) && values.size(3) == pictures.size(3)));
  if (!fits)
    throw Error(Code::usage,
                fmt::format("found values {} for pictures {}; expected [K], [B, K] or [B, K, H, W] with K = {}",
                            shape_of(values), shape_of(pictures), look_->value_count()));
  return (*look_)(TensorPixels::whole(pictures), values);
}

PictureLoss tone_loss() {
  return [](const torch::Tensor& picture, const torch::Tensor& target) { return cdf_loss(picture, target); };
}

PictureLoss perceptual_loss(const std::string& weights) {
  return [loss = PerceptualLoss(weights)](const torch::Tensor& picture, const torch::Tensor& target) mutable {
    loss.to(picture.device());
    return loss(picture, target);
  };
}

}  // namespace sfumato
