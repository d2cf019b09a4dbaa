// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "look/local_adapter.h"

namespace sfumato {

// The mean and the first principal components of an encoder's features; every fourth cell of all photos counts. photos:
// channels x cells each.
void find_components(const std::vector<std::vector<float>>& photos, int cells, int kept, LocalEncoder&);

}  // namespace sfumato
