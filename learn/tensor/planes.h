// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "paint/planes.h"

namespace sfumato {

// [1, 3, H, W]
torch::Tensor tensor_of(const Planes&, torch::Device = torch::kCPU);
Planes planes_of(const torch::Tensor& picture);

}  // namespace sfumato
