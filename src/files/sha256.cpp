// SPDX-License-Identifier: Apache-2.0
#include "files/sha256.h"

#include <glib.h>

#include <filesystem>
#include <memory>

#include "base/file.h"

namespace sfumato {

std::string sha256_of_file(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  const std::string bytes = read_file(path, error ? 0 : size);
  const std::unique_ptr<char, void (*)(void*)> text(
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, reinterpret_cast<const guchar*>(bytes.data()), bytes.size()),
      g_free);
  return text.get();
}

}  // namespace sfumato
