// SPDX-License-Identifier: Apache-2.0
#include "files/picture_names.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace sfumato {

namespace fs = std::filesystem;

bool is_picture_name(const std::string& path) {
  static const std::vector<std::string> known{".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif", ".avif", ".jxl", ".exr",
                                              ".3fr", ".arw", ".cr2", ".cr3", ".dng", ".nef", ".orf", ".pef", ".raf", ".rw2", ".srw"};
  std::string extension = fs::path(path).extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::find(known.begin(), known.end(), extension) != known.end();
}

std::vector<std::string> list_pictures(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::directory_iterator i(folder, fs::directory_options::skip_permission_denied, error), end; i != end && !error; i.increment(error))
    if (i->is_regular_file(error) && is_picture_name(i->path().string()) && i->path().filename().string()[0] != '.') paths.push_back(i->path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace sfumato
