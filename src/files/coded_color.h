// SPDX-License-Identifier: Apache-2.0
// Color spaces that files name by numbers [ITU-T H.273] instead of a profile, which libvips 8.14 does not read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sfumato {

struct CodedColor {
  int primaries, transfer;
  // Of sRGB, or near enough to be seen as such, or not told.
  bool is_srgb() const;
  // The same space as an ICC profile, with the same bytes each time. Empty: it has none, as with the curves of
  // pictures brighter than white (PQ, HLG).
  std::string profile() const;
};

// From the first bytes of a PNG (its cICP chunk) or of a HEIF file (an nclx box); nothing: the file names none there.
std::optional<CodedColor> coded_color(std::string_view start);

}  // namespace sfumato
