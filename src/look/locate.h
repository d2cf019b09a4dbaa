// SPDX-License-Identifier: Apache-2.0
// Where a value stands in JSON text, for errors about its meaning: the JSON library only locates syntax errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sfumato {

// path: keys and array indices from the root, such as {"steps", "2", "stops"}. The text must be valid JSON
// (comments allowed). Returns "line:column" of the value, or of the deepest part of the path that exists.
std::string locate_json(std::string_view text, const std::vector<std::string>& path);

// "line:column" of a byte offset.
std::string line_and_column(std::string_view text, std::size_t offset);

}  // namespace sfumato
