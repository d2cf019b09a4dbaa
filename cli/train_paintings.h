// SPDX-License-Identifier: Apache-2.0
// Paintings by patches for a network to learn from.
#pragma once

#include "learner/net_training.h"
#include "paint/patch_painter.h"

namespace sfumato {

// Paints the photo that came last into `targets`. It, and what it were in three other, more vivid colors: other
// people's photos have what these few lack, and a net that never saw much strong orange leaves it flat.
void add_paintings(NetTrainInputs&, const PatchOptions&, int threads);

}  // namespace sfumato
