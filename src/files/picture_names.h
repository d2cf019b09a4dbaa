// SPDX-License-Identifier: Apache-2.0
// The pictures of a folder.
#pragma once

#include <string>
#include <vector>

namespace sfumato {

// Paths of the pictures in a folder, hidden files left out, sorted. Empty when there is no such folder.
std::vector<std::string> list_pictures(const std::string& folder);

}  // namespace sfumato
