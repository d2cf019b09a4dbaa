// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "files/pth_file.h"
#include "net/builtin_nets.h"

namespace sfumato {

TensorFile read_net_file(const std::string& name) {
  if (!std::filesystem::exists(name))
    for (const BuiltinNet& net : builtin_nets())
      if (net.id == name) return parse_safetensors(net.bytes, name);
  return read_weights(name);
}

}  // namespace sfumato
