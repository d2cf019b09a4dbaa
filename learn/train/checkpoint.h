// SPDX-License-Identifier: Apache-2.0
// What training needs to go on: tensors in named groups, and of what pictures and options they are.
#pragma once

#include <optional>

#include "tensor/net.h"

namespace sfumato {

void add_group(TensorFile&, const std::string& prefix, const NamedTensors&);
NamedTensors group(const TensorFile&, const std::string& prefix, torch::Device = torch::kCPU);

// Metadata "checkpoint" becomes the fingerprint.
void write_checkpoint(const std::string& path, TensorFile, const std::string& fingerprint);
// Empty when there is none. Throws Code::usage when it is of something else.
std::optional<TensorFile> read_checkpoint(const std::string& path, const std::string& fingerprint);

}  // namespace sfumato
