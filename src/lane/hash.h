// SPDX-License-Identifier: Apache-2.0
// Counter-based random numbers: the same bits on every lane, whatever the order of evaluation.
#pragma once

#include <cstdint>

#include "lane/pixel.h"

namespace sfumato { inline namespace SFM_ISA {

// Mixes a lattice position; constants of [Ettinger] "lowbias32"; golden-ratio strides keep rows apart.
struct HashConstants {
  static constexpr std::uint32_t x = 0x9e3779b1u, y = 0x85ebca77u, m1 = 0x21f0aaadu, m2 = 0xd35a2d97u;
};

inline std::uint32_t hash(std::uint32_t seed, std::uint32_t x, std::uint32_t y) {
  std::uint32_t h = x * HashConstants::x + y * HashConstants::y + seed;
  h = (h ^ (h >> 16)) * HashConstants::m1;
  h = (h ^ (h >> 15)) * HashConstants::m2;
  return h ^ (h >> 15);
}

}}  // namespace sfumato
