// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sfumato {

// The files inside a ZIP archive (with 64-bit sizes if need be) that stores them uncompressed, as views into `bytes`.
// Throws Code::look: damaged, compressed, encrypted, or a name twice.
std::map<std::string, std::string_view> zip_entries(std::string_view bytes, const std::string& where);

}  // namespace sfumato
