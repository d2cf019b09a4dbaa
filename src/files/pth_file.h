// SPDX-License-Identifier: Apache-2.0
// Weight files, whichever program wrote them.
#pragma once

#include <string>

#include "files/safetensors.h"

namespace sfumato {

// A file of PyTorch (.pth, .pt, .pth.tar), in the ZIP container or the older one. Builds tensors and executes nothing:
// a pickle that names anything but tensor builders is refused with that name.
// Dictionaries in dictionaries become names with dots; of a training checkpoint with a "state_dict" or "model" only
// that is read, without this prefix; nor is "module." kept when it precedes all names. What is no tensor is left out.
// Throws Code::look.
TensorFile read_pth(const std::string& path);

// Safetensors or PyTorch, by content.
TensorFile read_weights(const std::string& path);

}  // namespace sfumato
