// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "files/pth_file.h"
#include "net/builtin_nets.h"

namespace sfumato {

namespace {

const BuiltinNet* find_builtin(const std::string& name) {
  if (std::filesystem::exists(name)) return nullptr;
  for (const BuiltinNet& net : builtin_nets())
    if (net.id == name) return &net;
  return nullptr;
}

}  // namespace

bool is_builtin_net(const std::string& name) { return find_builtin(name) != nullptr; }

TensorFile read_net_file(const std::string& name) {
  const BuiltinNet* net = find_builtin(name);
  return net ? parse_safetensors(net->bytes, name) : read_weights(name);
}

}  // namespace sfumato
