// SPDX-License-Identifier: Apache-2.0
// Watercolor as [Yan2016] means it: every brush stroke has one color.
#pragma once

#include "sfumato/image.h"

namespace sfumato {

// Divides the picture (f32, 3 bands, sRGB-encoded) into compact regions of similar color [Achanta2012], about `diameter`
// pixels wide, and gives each its mean color. Fewer than 2 pixels: unchanged.
void paint_strokes(Picture&, double diameter);

}  // namespace sfumato
