// SPDX-License-Identifier: Apache-2.0
// What a picture file may hold, made one thing: RGB or RGB + alpha, of uchar, ushort or float.
#pragma once

#include <string>

#include "files/picture_file.h"

namespace sfumato {

// Changes picture.image, and sets the profiles and warnings. Throws Code::input at `path`.
void to_rgb(OpenPicture& picture, const std::string& path);

}  // namespace sfumato
