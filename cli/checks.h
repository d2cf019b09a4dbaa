// SPDX-License-Identifier: Apache-2.0
// Checks of what options are given.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

namespace sfumato {

// CLI::Range without NaN, which that lets pass.
template <class T>
CLI::Validator within(T low, T high) {
  return CLI::Validator(
      [low, high](std::string& text) {
        T value;
        const bool is_number = CLI::detail::lexical_cast(text, value);
        return is_number && value >= low && value <= high
                   ? std::string()
                   : fmt::format("found '{}'; expected a number from {} to {}", text, low, high);
      },
      CLI::Range(low, high).get_description());
}

// For names of files: a shell's variable that is not set does not mean the default.
inline CLI::Validator not_empty() {
  return CLI::Validator(
      [](std::string& text) {
        return text.empty() ? "found an empty name; expected a file or a folder" : std::string();
      },
      "");
}

}  // namespace sfumato
