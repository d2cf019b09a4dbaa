// SPDX-License-Identifier: Apache-2.0
// Paintings by patches for a network to learn from.
#pragma once

#include <functional>

#include "learner/net_training.h"
#include "paint/patch_painter.h"

namespace sfumato {

// Paints the photo that came last into `targets`; so too, as more photos, with more vivid colors whose hues are as they
// are or turned by one and two thirds of the circle: other people's photos have what these few lack, and a net that
// never saw much strong orange leaves it flat. `stops` is asked between paintings.
void add_paintings(NetTrainInputs&, const PatchOptions&, int threads, const std::function<bool()>& stops);

}  // namespace sfumato
