// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sfumato {

// SHA-256 of a file's bytes, in hexadecimal. Throws Code::input when it cannot be read.
std::string sha256_of_file(const std::string& path);

}  // namespace sfumato
