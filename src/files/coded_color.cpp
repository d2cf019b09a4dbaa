// SPDX-License-Identifier: Apache-2.0
#include "files/coded_color.h"

#include <algorithm>
#include <array>

namespace sfumato {
namespace {

int byte_at(std::string_view s, std::size_t i) { return static_cast<unsigned char>(s[i]); }

}  // namespace

bool CodedColor::is_srgb() const {
  constexpr std::array transfers{1, 2, 6, 13, 14, 15};  // BT.709's and BT.2020's files are shown as sRGB's, too
  return (primaries == 1 || primaries == 2) && std::count(transfers.begin(), transfers.end(), transfer) > 0;
}

std::optional<CodedColor> coded_color(std::string_view start) {
  if (const auto box = start.find("colrnclx"); box != start.npos && box + 12 <= start.size())
    return CodedColor{byte_at(start, box + 8) * 256 + byte_at(start, box + 9),
                      byte_at(start, box + 10) * 256 + byte_at(start, box + 11)};
  if (const auto chunk = start.find("cICP"); chunk != start.npos && chunk + 6 <= start.size())
    return CodedColor{byte_at(start, chunk + 4), byte_at(start, chunk + 5)};
  return std::nullopt;
}

}  // namespace sfumato
