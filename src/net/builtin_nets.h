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

// The one that paints where no other is asked for.
constexpr const char* usual_painting_net = "starry-night";

// Whether a name means a built-in net: there is no such file.
bool is_builtin_net(const std::string& name);

// A file of weights, or a built-in net by its name where there is no such file. Throws Code::look.
TensorFile read_net_file(const std::string& name);

}  // namespace sfumato
