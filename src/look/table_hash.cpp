// SPDX-License-Identifier: Apache-2.0
#include "look/table_hash.h"

#include "base/fnv.h"

namespace sfumato {

std::uint64_t hash_table(const CubeTable& t, std::uint64_t seed) {
  std::uint64_t h = fnv1a(t.low, sizeof t.low, fnv1a(t.nodes, seed));
  h = fnv1a(t.scale, sizeof t.scale, h);
  for (const auto& curve : t.shaper) h = fnv1a(curve, h);
  return fnv1a(t.shaper_scale, sizeof t.shaper_scale, fnv1a(t.shaper_low, sizeof t.shaper_low, h));
}

}  // namespace sfumato
