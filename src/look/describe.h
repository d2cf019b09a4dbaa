// SPDX-License-Identifier: Apache-2.0
// The catalog for people and programs: what the manual, the list of operations and the studio's sliders are made from.
#pragma once

#include <nlohmann/json.hpp>

#include "sfumato/catalog.h"

namespace sfumato {

// "linear light", ...
const char* name_of(Space);

nlohmann::json describe(const OpInfo&);

}  // namespace sfumato
