// SPDX-License-Identifier: Apache-2.0
// What lies in looks/, embedded by cmake/looks.cmake: the texts of *.json and learn/*.json, the bytes of
// learned/*.safetensors.
#pragma once

#include <string_view>
#include <vector>

namespace sfumato {

struct BuiltinText {
  std::string_view id, text;
  // Says what learning may change; all neutral.
  bool is_for_learning() const { return id.starts_with("learn/"); }
};

struct BuiltinFile {
  std::string_view id, bytes;
};

// Sorted by id.
const std::vector<BuiltinText>& builtin_texts();
const std::vector<BuiltinFile>& builtin_files();

}  // namespace sfumato
