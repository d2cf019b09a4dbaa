// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <string>

namespace sfumato {

// name: auto (CUDA where there is one), cpu or cuda. Throws Code::usage, Code::resource.
torch::Device device_of(const std::string& name);

}  // namespace sfumato
