// SPDX-License-Identifier: Apache-2.0
#include "learner/learner.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr const char* module_name = "sfumato_learn.so";

// Beside this library: in the build tree and where it is installed.
std::string beside_library() {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<void*>(&learner), &info) || !info.dli_fname) return module_name;
  return (std::filesystem::path(info.dli_fname).parent_path() / module_name).string();
}

Learner* open_module() {
  const std::string path = beside_library();
  void* module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!module)
    throw Error(Code::resource,
                fmt::format("cannot open the learning module: {}; build with SFUMATO_LEARN=ON and LibTorch installed",
                            dlerror()),
                path);
  const auto open = reinterpret_cast<Learner* (*)()>(dlsym(module, "sfumato_open_learner"));
  if (!open) throw Error(Code::resource, "found a module without a learner; install the one of this version", path);
  return open();
}

}  // namespace

Learner& learner() {
  static Learner* const opened = open_module();
  return *opened;
}

}  // namespace sfumato
