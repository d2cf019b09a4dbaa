// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "look_shelf.h"

namespace sfumato {

// Operations, looks, formats and samples: all that a page shows and nothing that it must know by itself.
nlohmann::json catalog_json(const LookShelf&);

}  // namespace sfumato
