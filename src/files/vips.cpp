// SPDX-License-Identifier: Apache-2.0
#include "files/vips.h"

#include <dlfcn.h>
#include <gmodule.h>
#include <vips/vips.h>

#include <mutex>
#include <string>

#include "base/threads.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// Where libvips looks for its modules, if the user names another place than the usual.
constexpr const char* home_variable = "VIPSHOME";
bool has_own_home = false;

// Starts libvips without its modules: it finds none in a place that does not exist.
int start_without_modules() {
  has_own_home = g_getenv(home_variable) != nullptr;
  if (has_own_home) return vips_init("sfumato");
  g_setenv(home_variable, "/nonexistent", TRUE);
  const int failed = vips_init("sfumato");
  g_unsetenv(home_variable);
  return failed;
}

}  // namespace

void load_vips_modules() {
  init_vips();
  static std::once_flag once;
  std::call_once(once, [] {
    Dl_info library;
    if (has_own_home || !dladdr(reinterpret_cast<void*>(vips_init), &library)) return;
    const std::string path(library.dli_fname), folder = path.substr(0, path.rfind('/') + 1);
    for (const char* name : {"heif", "jxl"}) {
      const std::string file = folder + "vips-modules-" + std::to_string(vips_version(0)) + "." +
                               std::to_string(vips_version(1)) + "/vips-" + name + ".so";
      g_module_open(file.c_str(), G_MODULE_BIND_LAZY);  // none: it is part of libvips itself, or not installed
    }
  });
}

void init_vips() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (start_without_modules()) throw Error(Code::bug, vips_error_text(), "libvips");
    vips_operation_block_set("VipsForeignLoadMagick", TRUE);
    vips_cache_set_max(0);
    // Warnings reach the user as ours, not as lines of a library on stderr.
    g_log_set_handler(
        "VIPS", GLogLevelFlags(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG),
        [](const char*, GLogLevelFlags, const char*, void*) {}, nullptr);
  });
}

void set_vips_threads(int threads) {
  init_vips();
  vips_concurrency_set(thread_count(threads));
}

std::string vips_error_text() {
  std::string text = vips_error_buffer();
  vips_error_clear();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (char& c : text)
    if (c == '\n') c = ';';
  return text;
}

}  // namespace sfumato
