// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "learner/learner.h"

namespace sfumato {

// See Learner. The loss is the distance in Lab, or its square [Zhu2017, eq. 1], over every fourth pixel of every fourth
// row, others at each step; every second picture is mirrored. Transforms are averaged as rendering will average them.
// The context learns more slowly than the rest, and a pretrained one more slowly than a fresh one.
ExemplarTrained train_exemplar(const std::vector<const ExemplarSample*>&, const ContextNet&,
                               const ExemplarTrainOptions&, const std::function<bool(double)>& progress);

}  // namespace sfumato
