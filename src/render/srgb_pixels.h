// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "files/picture_file.h"

namespace sfumato {

// The whole picture in memory, sRGB-encoded: samples as stored, or floats where it has another profile. Throws
// Code::input at `path` when it is damaged.
Picture srgb_pixels(const OpenPicture&, const std::string& path);

}  // namespace sfumato
