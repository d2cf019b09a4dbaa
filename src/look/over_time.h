// SPDX-License-Identifier: Apache-2.0
// Looks for moments between photos, or frames of a video.
#pragma once

#include <span>

#include "sfumato/look.h"

namespace sfumato {

// Knobs, maps and tables of values as weighted means; the rest is the first one's. All made by one recipe, so that
// their steps are the same; weights add up to 1.
Look blended(std::span<const Look> looks, std::span<const float> weights);

// Whether steps read maps or tables that differ from photo to photo, apart from numbers.
bool has_maps(const Look&);

// The look for frame number `frame`: what is drawn by chance, such as grain, is drawn anew.
Look at_frame(const Look&, long long frame);
// Whether that differs from frame to frame.
bool changes_with_frames(const Look&);

}  // namespace sfumato
