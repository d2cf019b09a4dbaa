// SPDX-License-Identifier: Apache-2.0
// Trained networks that come with the library: the files of nets/, by their names without ending.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "files/safetensors.h"

namespace sfumato {

struct BuiltinNet {
  std::string_view id, bytes;
};
const std::vector<BuiltinNet>& builtin_nets();

// A file of weights, or a built-in net by its name where there is no such file. Throws Code::look.
TensorFile read_net_file(const std::string& name);

}  // namespace sfumato
