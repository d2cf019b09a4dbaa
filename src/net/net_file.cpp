// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "base/text.h"
#include "files/pth_file.h"
#include "net/builtin_nets.h"
#include "sfumato/error.h"

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
  if (const BuiltinNet* net = find_builtin(name)) return parse_safetensors(net->bytes, name);
  if (const std::filesystem::path path(name);
      !path.has_extension() && !path.has_parent_path() && !std::filesystem::exists(path)) {
    std::vector<std::string> known;
    for (const BuiltinNet& net : builtin_nets()) known.emplace_back(net.id);
    const std::string near = nearest_name(name, known);
    throw Error(Code::look,
                fmt::format("found no file and no built-in network of that name{}",
                            near.empty() ? "; expected weights" : fmt::format("; did you mean '{}'?", near)),
                name);
  }
  return read_weights(name);
}

}  // namespace sfumato
