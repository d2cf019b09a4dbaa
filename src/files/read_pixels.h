// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "files/picture_file.h"

namespace sfumato {

// The whole picture in memory, samples as the file stores them. Throws Code::input at `path` when it is damaged.
Picture read_pixels(const OpenPicture&, const std::string& path);

}  // namespace sfumato
