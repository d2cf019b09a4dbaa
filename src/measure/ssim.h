// SPDX-License-Identifier: Apache-2.0
// Structural similarity [Wang2004]: Gaussian window of 11 x 11, sigma 1.5, K 0.01 and 0.03, only whole windows.
#pragma once

#include "measure/plane.h"

namespace sfumato {

// `peak`: the largest value there can be. Throws Code::input for different sizes and pictures below 11 x 11.
double ssim(const Plane& a, const Plane& b, double peak, int threads = 0);

// Of the luma of the pictures rounded to 8 bits.
double ssim_luma(const View& a, const View& b, int threads = 0);

// Mean over the channels of the pictures rounded to 8 bits.
double ssim_rgb(const View& a, const View& b, int threads = 0);

// The number that papers on MIT-Adobe FiveK print [Zeng2020]: red, green and blue side by side as one picture,
// box-filtered and thinned to about half size (by round(min(height, 3 width) / 256)), columns counted across the seams.
double ssim_fivek(const View& a, const View& b, int threads = 0);

// The number of [Song2021]: mean over channels after averaging blocks of round(min(width, height) / 256) pixels.
double ssim_pooled(const View& a, const View& b, int threads = 0);

}  // namespace sfumato
