// SPDX-License-Identifier: Apache-2.0
// The "where" of a step as JSON.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>

#include "sfumato/look.h"

namespace sfumato {

// What is wrong, and at which key ("": the whole). Must not return.
using WhereFault = std::function<void(const std::string& key, const std::string& what)>;
StepWhere read_where(const nlohmann::json&, const WhereFault& fail);

// A line that read_where reads back.
std::string print_where(const StepWhere&);

}  // namespace sfumato
