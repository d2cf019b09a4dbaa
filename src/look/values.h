// SPDX-License-Identifier: Apache-2.0
// What parsing, printing and setting of looks share.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/look.h"

namespace sfumato {

// What a learned look calls the tables in its file.
inline constexpr const char* table_prefix = "tensor:";

// parse_look with another source of the tables that the text names.
using TableLoader = std::function<std::shared_ptr<const CubeTable>(const std::string& file)>;
Look parse_look_with(std::string_view text, const std::string& name, const TableLoader&);

// A step with every knob at its initial value.
LookStep initial_step(const OpInfo&);

std::vector<std::string> op_ids();

// "found the KIND 'x'; did you mean 'y'? Known: ..."
std::string unknown_name(const std::string& kind, const std::string& found, const std::vector<std::string>& known);

}  // namespace sfumato
