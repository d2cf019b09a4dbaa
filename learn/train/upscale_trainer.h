// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "learner/net_training.h"

namespace sfumato {

// Throws Code::usage, Code::stopped.
NetTrained train_upscaler(const std::vector<Planes>& photos, const UpscaleTrainOptions&, const NetTrainProgress&);

}  // namespace sfumato
