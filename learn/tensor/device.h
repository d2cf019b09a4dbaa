// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <string>

namespace sfumato {

// name: auto (CUDA where there is one), cpu or cuda. Throws Code::usage, Code::resource.
torch::Device device_of(const std::string& name);

// bfloat16 where the device computes with it, unless `exact`.
torch::Dtype fastest_type(torch::Device, bool exact = false);

// How many threads LibTorch computes with on processors, as thread_count() understands it; and memory that one step of
// a training gave back stays for the next, which otherwise spends a tenth of its time on getting it from the system;
// the process then needs about a fifth more.
void prepare_cpu(int threads);

}  // namespace sfumato
