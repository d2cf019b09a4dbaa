// SPDX-License-Identifier: Apache-2.0
// Camera RAW through LibRaw.
#pragma once

#include <string>

#include "files/picture_file.h"

namespace sfumato {

// By extension: most RAW formats are TIFF inside, so content alone would find their preview.
bool is_raw_name(const std::string& path);

// Developed with the camera's white balance to linear 16-bit ProPhoto. Throws like open_picture.
OpenPicture open_raw(const std::string& path, const OpenOptions&);

// The name and version of the library that reads them.
std::string raw_library();

}  // namespace sfumato
