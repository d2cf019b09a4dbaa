// SPDX-License-Identifier: Apache-2.0
// A picture put upon another, pixel upon pixel.
#pragma once

#include <cstdint>
#include <vector>

#include "pairs/align.h"

namespace sfumato {

// A picture on the grid of another, through the map found for `before` and `after` of the sizes given: `picture` is
// that `after` at any size. `inside`: whether a pixel of the output lies within it.
Picture resampled(const Picture& picture, PhotoSize after, const Similarity&, PhotoSize before, PhotoSize out,
                  std::vector<std::uint8_t>& inside);

}  // namespace sfumato
