// SPDX-License-Identifier: Apache-2.0
#include "transfer/match_look.h"

#include "look/values.h"

namespace sfumato {

Look look_of(std::shared_ptr<const CubeTable> table) {
  LookStep step = initial_step(*find_op("lut3d"));
  step.values[0] = KnobValue::fixed(1.0f);
  step.file = "tensor:match";
  step.table = std::move(table);
  Look look;
  look.id = "match";
  look.title = "Match";
  look.steps.push_back(std::move(step));
  return look;
}

}  // namespace sfumato
