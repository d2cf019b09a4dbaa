// SPDX-License-Identifier: Apache-2.0
#include "look/describe.h"

namespace sfumato {

const char* name_of(Space s) {
  return s == Space::linear    ? "linear light"
         : s == Space::encoded ? "encoded sRGB"
         : s == Space::oklab   ? "OKLab"
                               : "CIE L*a*b*";
}

nlohmann::json describe(const OpInfo& op) {
  nlohmann::json knobs = nlohmann::json::array();
  for (const Knob& k : op.knobs)
    knobs.push_back({{"name", k.name},
                     {"min", k.min},
                     {"max", k.max},
                     {"neutral", k.neutral},
                     {"initial", k.initial()},
                     {"count", k.count},
                     {"dial", k.dial},
                     {"help", k.help}});
  return {{"id", op.card.id},
          {"title", op.card.title},
          {"about", op.card.about},
          {"space", name_of(op.card.space)},
          {"canvas", op.is_canvas},
          {"local", op.is_local},
          {"resource", op.card.resource ? nlohmann::json(op.card.resource) : nlohmann::json()},
          {"knobs", knobs}};
}

}  // namespace sfumato
