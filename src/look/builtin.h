// SPDX-License-Identifier: Apache-2.0
// The texts of looks/*.json, embedded by cmake/looks.cmake.
#pragma once

#include <string_view>
#include <vector>

namespace sfumato {

struct BuiltinText {
  std::string_view id, text;
};

// Sorted by id.
const std::vector<BuiltinText>& builtin_texts();

}  // namespace sfumato
