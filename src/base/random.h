// SPDX-License-Identifier: Apache-2.0
// Counter-based random numbers: a pure function of seed and counter, so that order and threads do not matter.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace sfumato {

// The finalizer of SplitMix64 [Steele2014].
inline std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

inline std::uint64_t random_bits(std::uint64_t seed, std::uint64_t counter) {
  return mix64(mix64(seed + 0x9e3779b97f4a7c15u) + counter * 0x9e3779b97f4a7c15u);
}

// In [0, 1).
inline double random_uniform(std::uint64_t seed, std::uint64_t counter) {
  return static_cast<double>(random_bits(seed, counter) >> 11) * 0x1p-53;
}

// Standard normal, by Box and Muller.
inline double random_normal(std::uint64_t seed, std::uint64_t counter) {
  const double u = 1.0 - random_uniform(seed, 2 * counter), v = random_uniform(seed, 2 * counter + 1);
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

}  // namespace sfumato
