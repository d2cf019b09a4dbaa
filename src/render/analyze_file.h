// SPDX-License-Identifier: Apache-2.0
// A photo's analysis image.
#pragma once

#include <string>

#include "files/picture_file.h"
#include "measure/analysis.h"

namespace sfumato {

// Of one that can be read more than once.
Analysis analyze_picture(OpenPicture, const std::string& path);

// JPEG files are reduced while they are decoded. Throws like open_picture.
Analysis analyze_file(const std::string& path, const OpenOptions& = {});

}  // namespace sfumato
