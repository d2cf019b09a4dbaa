// SPDX-License-Identifier: Apache-2.0
#include "files/vips.h"

#include <mutex>

#include <vips/vips.h>

#include "sfumato/error.h"

namespace sfumato {

void init_vips() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (vips_init("sfumato")) throw Error(Code::bug, vips_error_text(), "libvips");
    vips_operation_block_set("VipsForeignLoadMagick", TRUE);
    vips_cache_set_max(0);
    // Warnings reach the user as ours, not as lines of a library on stderr.
    g_log_set_handler("VIPS", GLogLevelFlags(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG),
                      [](const char*, GLogLevelFlags, const char*, void*) {}, nullptr);
  });
}

void set_vips_threads(int threads) {
  init_vips();
  vips_concurrency_set(threads);
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
