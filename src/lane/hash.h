// SPDX-License-Identifier: Apache-2.0
// Counter-based random numbers: the same bits on every lane, whatever the order of evaluation.
#pragma once

#include <cstdint>

#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

// Golden-ratio strides keep neighbors apart; one multiplication between two shifts makes the sum white: no peak of
// its power spectrum over 1024 x 1024 positions exceeds twice what true noise shows (multiplier of [Ettinger]).
struct HashConstants {
  static constexpr std::uint32_t x = 0x9e3779b1u, y = 0x85ebca77u, multiplier = 0xd35a2d97u;
  static constexpr int first_shift = 16, last_shift = 13;
};

inline std::uint32_t hash(std::uint32_t seed, std::uint32_t x, std::uint32_t y) {
  std::uint32_t h = x * HashConstants::x + y * HashConstants::y + seed;
  h = (h ^ (h >> HashConstants::first_shift)) * HashConstants::multiplier;
  return h ^ (h >> HashConstants::last_shift);
}

}  // namespace SFM_ISA
}  // namespace sfumato
