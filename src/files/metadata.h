// SPDX-License-Identifier: Apache-2.0
// XMP packets as text: what Sfumato records, and what containers without an IPTC block keep there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sfumato {

struct LookRecord {
  std::string name, settings, key;
};

// `packet` with the record in place of an earlier one; a new packet if it is empty or not XMP.
std::string record_look(std::string_view packet, const LookRecord&);

// The record of an output of ours.
std::optional<LookRecord> read_look(std::string_view packet);

// IPTC-IIM fields as IPTC Core properties [IPTC-XMP mapping], merged into `packet` where it lacks them.
std::string add_iptc(std::string_view packet, std::string_view iim);

// tiff:Orientation set to 1: the pixels are upright now.
std::string make_upright(std::string_view packet);

}  // namespace sfumato
