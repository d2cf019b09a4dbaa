// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "learner/neural_paint.h"

namespace sfumato {

// The painting at its last scale. Throws Code::look (weights), Code::resource.
Planes paint_neurally(const NeuralInputs&, const NeuralOptions&, const NeuralWatch&);

}  // namespace sfumato
