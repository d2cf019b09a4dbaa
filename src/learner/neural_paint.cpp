// SPDX-License-Identifier: Apache-2.0
#include "learner/neural_paint.h"

#include <fmt/format.h>

namespace sfumato {

std::string text_of(const NeuralOptions& o) {
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {} {}", static_cast<int>(o.distance),
                     static_cast<int>(o.pool), o.content_weight.value_or(-1), o.smoothness.value_or(-1),
                     static_cast<int>(o.start), o.lbfgs, o.size, o.first_size, o.first_steps, o.steps, o.rate,
                     o.style_scale, o.seed, o.exact, o.matting);
}

}  // namespace sfumato
