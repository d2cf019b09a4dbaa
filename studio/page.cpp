// SPDX-License-Identifier: Apache-2.0
#include "page.h"

#include <utility>

#include "base/text.h"

namespace sfumato {

const char* media_type(std::string_view path) {
  static constexpr std::pair<std::string_view, const char*> types[]{
      {"html", "text/html; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"json", "application/json"},
      {"woff2", "font/woff2"},
      {"png", "image/png"},
      {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},
      {"webp", "image/webp"},
      {"avif", "image/avif"},
      {"tif", "image/tiff"},
  };
  const std::string extension = extension_of(path);
  for (const auto& [name, type] : types)
    if (extension == name) return type;
  return "application/octet-stream";  // never a document, so that no SVG runs scripts
}

}  // namespace sfumato
