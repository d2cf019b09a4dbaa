// SPDX-License-Identifier: Apache-2.0
#include "look/table_hash.h"

#include "base/fnv.h"

namespace sfumato {
namespace {

std::uint64_t hash_floats(const std::vector<float>& v, std::uint64_t seed) {
  return fnv1a(v.data(), v.size() * sizeof(float), seed);
}

}  // namespace

std::uint64_t hash_table(const CubeTable& t, std::uint64_t seed) {
  std::uint64_t h = fnv1a(t.low, sizeof t.low, hash_floats(t.nodes, seed));
  h = fnv1a(t.scale, sizeof t.scale, h);
  for (const auto& curve : t.shaper) h = hash_floats(curve, h);
  return fnv1a(t.shaper_scale, sizeof t.shaper_scale, fnv1a(t.shaper_low, sizeof t.shaper_low, h));
}

}  // namespace sfumato
