// SPDX-License-Identifier: Apache-2.0
// Which files of a folder are pictures.
#pragma once

#include <string>
#include <vector>

namespace sfumato {

// By extension, whatever its case.
bool is_picture_name(const std::string& path);

// Paths of the pictures in a folder, hidden files left out, sorted. Empty when there is no such folder.
std::vector<std::string> list_pictures(const std::string& folder);

}  // namespace sfumato
