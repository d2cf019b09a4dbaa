// SPDX-License-Identifier: Apache-2.0
// The files of a folder that a command works on.
#pragma once

#include <string>
#include <vector>

namespace sfumato {

// Paths of the files in a folder whose names are `wanted`, or in all below it as well, sorted. Hidden ones are left
// out: they are other programs' notes beside pictures, such as macOS' "._photo.jpg". Throws Code::input when a folder
// cannot be listed.
using IsName = bool (*)(const std::string& path);
std::vector<std::string> list_files(const std::string& folder, IsName wanted, bool recursive = false);
std::vector<std::string> list_pictures(const std::string& folder, bool recursive = false);

}  // namespace sfumato
