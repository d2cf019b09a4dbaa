// SPDX-License-Identifier: Apache-2.0
// XMP packets as text: what Sfumato records there and reads back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sfumato {

struct LookRecord {
  std::string name, settings, key, version;
};

// `packet` with the record in place of an earlier one; a new packet if it is empty or not XMP.
std::string record_look(std::string_view packet, const LookRecord&);

// The record of an output of ours, also after other programs rewrote the packet.
std::optional<LookRecord> read_look(std::string_view packet);

// tiff:Orientation set to 1: the pixels are upright now.
std::string make_upright(std::string_view packet);

// UTF-8 with an RDF element and every element closed.
bool is_xmp(std::string_view packet);

// Puts an rdf:Description at the end of the packet; a packet that is not XMP is replaced.
std::string insert_description(std::string_view packet, const std::string& description);

bool is_utf8(std::string_view text);

}  // namespace sfumato
