// SPDX-License-Identifier: Apache-2.0
#include "base/escape.h"

#include <cstddef>

namespace sfumato {
namespace {

// Bytes of the character that starts at `i`; 0 when it is not well-formed UTF-8.
std::size_t character_bytes(std::string_view s, std::size_t i) {
  const auto byte = [&](std::size_t k) { return k < s.size() ? static_cast<unsigned char>(s[k]) : 0u; };
  const unsigned first = byte(i);
  const std::size_t n = first < 0x80   ? 1
                        : first < 0xc2 ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                        : first < 0xf5 ? 4
                                       : 0;
  for (std::size_t k = 1; k < n; ++k)
    if ((byte(i + k) & 0xc0) != 0x80) return 0;
  const unsigned second = byte(i + 1);
  const bool is_long = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool is_beyond = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
  const bool is_control =
      (first < 0x20 && first != '\n' && first != '\t') || first == 0x7f || (first == 0xc2 && second < 0xa0);
  return is_long || is_beyond || is_control ? 0 : n;
}

}  // namespace

std::string markup_escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = character_bytes(text, i);
    switch (text[i]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':  // XML makes a blank of one within an attribute
        out += "&#10;";
        break;
      default:
        out += n ? text.substr(i, n) : std::string_view("\xef\xbf\xbd");
    }
    i += n ? n : 1;
  }
  return out;
}

}  // namespace sfumato
