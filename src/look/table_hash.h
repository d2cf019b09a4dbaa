// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lane/cube.h"

namespace sfumato {

// Of all that a table does to colors; goes on from `seed`.
std::uint64_t hash_table(const CubeTable&, std::uint64_t seed);

}  // namespace sfumato
