// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sfumato {

// FNV-1a: a hash of bytes that is the same on every machine and in every run. `seed` continues an earlier one.
inline std::uint64_t fnv1a(const void* data, std::size_t size, std::uint64_t seed = 0xcbf29ce484222325u) {
  for (std::size_t i = 0; i < size; ++i) seed = (seed ^ static_cast<const unsigned char*>(data)[i]) * 0x100000001b3u;
  return seed;
}

// The same of 32 bits at a time, since there may be millions.
inline std::uint64_t fnv1a(std::span<const float> values, std::uint64_t seed) {
  for (const float v : values) seed = (seed ^ std::bit_cast<std::uint32_t>(v)) * 0x100000001b3u;
  return seed;
}

}  // namespace sfumato
