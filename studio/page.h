// SPDX-License-Identifier: Apache-2.0
// The built page, embedded by cmake/page.cmake.
#pragma once

#include <string_view>
#include <vector>

namespace sfumato {

struct PageFile {
  std::string_view path, bytes;  // path below studio/page/built, with / between names
};

const std::vector<PageFile>& page_files();

// "text/html; charset=utf-8" and so on, by the name's ending.
const char* media_type(std::string_view path);

}  // namespace sfumato
