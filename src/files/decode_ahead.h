// SPDX-License-Identifier: Apache-2.0
// Decodes a picture in a thread of its own, into memory, while something else keeps its reader waiting.
#pragma once

#include <string>

#include "files/load_image.h"

namespace sfumato {

// The same pixels, in any order and more than once; who asks for rows that are not decoded yet waits for them.
void decode_ahead(ImagePtr& image, const std::string& path);

}  // namespace sfumato
