// SPDX-License-Identifier: Apache-2.0
// What parsing, printing and setting of looks share.
#pragma once

#include <string>
#include <vector>

#include "sfumato/look.h"

namespace sfumato {

// A step with every knob at its initial value.
LookStep initial_step(const OpInfo&);

std::vector<std::string> op_ids();

// "found the KIND 'x'; did you mean 'y'? Known: ..."
std::string unknown_name(const std::string& kind, const std::string& found, const std::vector<std::string>& known);

}  // namespace sfumato
