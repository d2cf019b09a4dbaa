// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sfumato/image.h"

namespace sfumato {

// Peak signal to noise ratio over all pixels and channels of the pictures rounded to 8 bits, in dB. Infinite when they
// are equal. Throws Code::input for different sizes.
double psnr_db(const View& a, const View& b, int threads = 0);

}  // namespace sfumato
