// SPDX-License-Identifier: Apache-2.0
// --look, --strength and --set, shared by the commands that take a look.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "look/recipe.h"

namespace sfumato {

struct LookOptions {
  std::vector<std::string> looks, settings;
  float strength = 1.0f;

  void declare(CLI::App&);
  // Throws Code::usage when there is none at all.
  void require() const;
  // Throws Code::look or Code::usage for anything wrong with them.
  LookRecipe load() const;
};

}  // namespace sfumato
