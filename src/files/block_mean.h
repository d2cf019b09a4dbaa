// SPDX-License-Identifier: Apache-2.0
// Pictures at a whole fraction of their size.
#pragma once

#include "files/load_image.h"

namespace sfumato {

// Each pixel the mean of `by` x `by` (at the right and lower border: of those there are), computed while it is read.
// Colors weigh by their alpha, so that hidden ones do not come into what is seen.
// image: uchar, ushort or float. Throws Code::input at `path`.
void block_mean(ImagePtr& image, int by, const std::string& path);

}  // namespace sfumato
