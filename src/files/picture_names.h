// SPDX-License-Identifier: Apache-2.0
// The pictures of a folder.
#pragma once

#include <string>
#include <vector>

namespace sfumato {

// Paths of the pictures in a folder, or in all below it as well, sorted. Hidden ones are left out: they are other
// programs' notes beside pictures, such as macOS' "._photo.jpg". Throws Code::input when a folder cannot be listed.
std::vector<std::string> list_pictures(const std::string& folder, bool recursive = false);

}  // namespace sfumato
