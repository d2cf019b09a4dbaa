// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <string>

namespace sfumato {

// name: auto (CUDA where there is one), cpu or cuda. Throws Code::usage, Code::resource.
torch::Device device_of(const std::string& name);

// bfloat16 where the device computes with it, unless `exact`.
torch::Dtype fastest_type(torch::Device, bool exact = false);

}  // namespace sfumato
