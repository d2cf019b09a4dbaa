// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sfumato/image.h"

namespace sfumato {

// How much of the structure a picture kept through a change of its tones and colors: SSIM between the Sobel magnitudes
// of both lumas, after each luma is brought to mean 0.5 and deviation 0.2. 1 for equal structure.
// Throws Code::input for different sizes and pictures below 13 x 13.
double edge_ssim(const View& a, const View& b, int threads = 0);

}  // namespace sfumato
