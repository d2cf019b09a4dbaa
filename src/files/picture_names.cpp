// SPDX-License-Identifier: Apache-2.0
#include "files/picture_names.h"

#include <algorithm>
#include <filesystem>

#include "files/picture_file.h"

namespace sfumato {

namespace fs = std::filesystem;

std::vector<std::string> list_pictures(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::directory_iterator i(folder, fs::directory_options::skip_permission_denied, error), end; i != end && !error;
       i.increment(error))
    if (i->is_regular_file(error) && is_picture_name(i->path().string()) && i->path().filename().string()[0] != '.')
      paths.push_back(i->path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace sfumato
