// SPDX-License-Identifier: Apache-2.0
// What a painting's patches are compared by besides their pixels: where in the photo, and where in the style, which
// colors and which brightness lie.
#pragma once

#include "paint/planes.h"
#include "transfer/color_map.h"

namespace sfumato {

struct Guides {
  Planes photo, style;  // blurred red, green, blue, and luma
};

struct GuideOptions {
  // As shares of the longer side.
  float photo_blur = 1.5f / 512, style_blur = 3.0f / 512;
};

// The photo in the style's colors, by optimal transport; or in its lightness only.
Planes colored_as(const Planes& photo, const Planes& style, MatchOnly = MatchOnly::all);

// `colored`: the photo in the style's colors. Its luma gets the style's distribution.
Guides make_guides(const Planes& colored, const Planes& style, const GuideOptions&, int threads);

}  // namespace sfumato
