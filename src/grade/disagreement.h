// SPDX-License-Identifier: Apache-2.0
// Where each pair shows colors of its own, no two pixels contradict each other; and yet the pairs may.
#pragma once

#include <span>

#include "grade/samples.h"
#include "lane/cube.h"

namespace sfumato {

// Raises the disagreement of pooled samples to the variance between pairs of what `table` misses of colors around;
// where one pair stands alone, to what is usual elsewhere.
void find_disagreement(std::span<const Samples> pairs, const CubeTable& table, Samples& pooled);

}  // namespace sfumato
