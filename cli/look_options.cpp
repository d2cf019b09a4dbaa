// SPDX-License-Identifier: Apache-2.0
#include "look_options.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {

void LookOptions::declare(CLI::App& app) {
  auto* look =
      app.add_option("--look,-l", looks,
                     "A built-in look's name, or a look (.json), learned look (.safetensors) or LUT (.cube, .3dl, "
                     "HaldCLUT) file; several are stacked");
  look->allow_extra_args(false)->type_name("LOOK");
  app.add_option("--strength", strength, "Of the look: 0 changes nothing, 1 is the look, up to 1.5")
      ->needs(look)
      ->capture_default_str();
  auto* group =
      app.add_option("--set", settings,
                     "Change a knob: op.knob=value, op.knob.INDEX=value or op.knob=v0,v1,...; sfumato ops lists them");
  group->allow_extra_args(false)->type_name("SETTING");
}

void LookOptions::require() const {
  if (looks.empty() && settings.empty())
    throw Error(Code::usage, "found neither --look nor --set; sfumato looks lists the looks");
}

LookRecipe LookOptions::load() const {
  LookRecipe recipe{{}, strength, settings};
  for (const std::string& name : looks) recipe.looks.push_back(find_look(name));
  recipe.resolve();  // so that mistakes show before the first photo
  return recipe;
}

}  // namespace sfumato
