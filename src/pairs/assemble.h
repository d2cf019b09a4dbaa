// SPDX-License-Identifier: Apache-2.0
// Two files made one pair, or the reason why not.
#pragma once

#include <string>

#include "pairs/match.h"
#include "pairs/pair.h"

namespace sfumato {

struct Assembled {
  Pair pair;
  std::string refusal;               // empty: the pair is good
  bool shows_another_scene = false;  // the refusal's reason
  int swapped_evidence = 0;  // +1: `before` looks like an edit of `after`, -1: as it should be, 0: nothing is known
};

Assembled assemble(const FileMatch&, const PairOptions&);

}  // namespace sfumato
