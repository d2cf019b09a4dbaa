// SPDX-License-Identifier: Apache-2.0
#include "files/picture_names.h"

#include <algorithm>
#include <filesystem>

#include "files/picture_file.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

template <class Iterator>
std::vector<std::string> list(const std::string& folder, IsName wanted) {
  std::vector<std::string> paths;
  std::error_code error, ignored;
  Iterator i(folder, error);
  for (const Iterator end; i != end && !error; i.increment(error)) {
    const fs::path& path = i->path();
    if (!path.filename().string().starts_with('.') && wanted(path.string()) && i->is_regular_file(ignored))
      paths.push_back(path.string());
  }
  if (error) throw Error(Code::input, "cannot be listed: " + error.message(), folder);
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

std::vector<std::string> list_files(const std::string& folder, IsName wanted, bool recursive) {
  return recursive ? list<fs::recursive_directory_iterator>(folder, wanted)
                   : list<fs::directory_iterator>(folder, wanted);
}

std::vector<std::string> list_pictures(const std::string& folder, bool recursive) {
  return list_files(folder, is_picture_name, recursive);
}

}  // namespace sfumato
