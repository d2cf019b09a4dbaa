// SPDX-License-Identifier: Apache-2.0
// Numbers and names as text, the same in every locale.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato {

// The whole text as a finite number; nothing for "1,5", "nan", "1e999" or trailing characters.
std::optional<float> parse_float(std::string_view text);
std::optional<long long> parse_integer(std::string_view text);

// The shortest text that reads back as the same number.
std::string format_number(float value);

// The known name with the fewest edits from `name`, if it is near enough to be a typing error; otherwise empty.
std::string nearest_name(std::string_view name, std::span<const std::string> known);

// Parts between separators, each without surrounding blanks.
std::vector<std::string_view> split_words(std::string_view text, char separator);

// ASCII letters only.
std::string lower_case(std::string_view text);

// Of a path's last name, lower case, without the dot; empty when there is none.
std::string extension_of(std::string_view path);

// Control bytes written as \xNN, so that a file name cannot disturb a terminal.
std::string printable(std::string_view bytes);

// A word as a shell reads it back.
std::string shell_quoted(std::string_view word);

}  // namespace sfumato
