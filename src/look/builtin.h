// SPDX-License-Identifier: Apache-2.0
// The texts of looks/*.json and looks/learn/*.json, embedded by cmake/looks.cmake.
#pragma once

#include <string_view>
#include <vector>

namespace sfumato {

struct BuiltinText {
  std::string_view id, text;
  // Says what learning may change; all neutral.
  bool is_for_learning() const { return id.starts_with("learn/"); }
};

// Sorted by id.
const std::vector<BuiltinText>& builtin_texts();

}  // namespace sfumato
