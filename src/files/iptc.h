// SPDX-License-Identifier: Apache-2.0
// IPTC-IIM records [IIM4.2] and the Photoshop blocks that JPEG files keep them in.
#pragma once

#include <string>
#include <string_view>

namespace sfumato {

// The IIM records in a block that is either a Photoshop block or IIM itself; empty when there are none.
std::string iim_of(std::string_view block);

// A Photoshop block for JPEG.
std::string photoshop_block(std::string_view iim);

// IIM fields as IPTC Core properties [IPTC-XMP mapping], merged into `packet` where it lacks them.
std::string add_iptc(std::string_view packet, std::string_view iim);

}  // namespace sfumato
