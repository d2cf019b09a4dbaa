// SPDX-License-Identifier: Apache-2.0
// Which pixels of a pair tell about the look: not what was retouched or replaced; what is clipped only where a smooth
// look would make it so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pairs/pair.h"

namespace sfumato {

struct Usable {
  std::vector<std::uint8_t> mask;  // as Pair::usable
  double clipped_share = 0, retouched_share = 0;
};

// Pictures of one size, pixel upon pixel. `inside`: 0 where there is no `after`.
Usable find_usable(const Picture& before, const Picture& after, const std::vector<std::uint8_t>& inside);

// The same into the pair, with notes. Returns why there is too little to learn from; empty: there is enough.
std::string mark_usable(Pair&, const std::vector<std::uint8_t>& inside);

}  // namespace sfumato
