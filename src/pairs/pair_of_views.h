// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pairs/pair.h"

namespace sfumato {

// A pair of pictures in memory, sRGB-encoded, reduced as files are. `refusal`: why it tells too little; empty: it is
// good. Throws Code::usage: no pictures, or two sizes.
Pair pair_of_views(const View& before, const View& after, const std::string& name, std::string& refusal);

}  // namespace sfumato
