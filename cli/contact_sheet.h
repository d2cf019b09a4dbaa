// SPDX-License-Identifier: Apache-2.0
// Every look on one photo, in one picture.
#pragma once

#include <span>
#include <string>

#include "sfumato/look.h"

namespace sfumato {

// The original comes first. Each look renders a reduced copy; position and size effects scale with it.
void write_contact_sheet(const std::string& photo, std::span<const Look>, const std::string& output);

}  // namespace sfumato
