// SPDX-License-Identifier: Apache-2.0
// A photo file's analysis image, without decoding more of it than needed.
#pragma once

#include <string>

#include "files/picture_file.h"
#include "measure/analysis.h"

namespace sfumato {

// JPEG files are reduced while they are decoded. Throws like open_picture.
Analysis analyze_file(const std::string& path, const OpenOptions& = {});

}  // namespace sfumato
