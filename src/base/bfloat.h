// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace sfumato {

// The upper half of a float.
struct Bfloat {
  std::uint16_t bits = 0;

  Bfloat() = default;
  // To the nearest, ties to even; NaN stays NaN.
  explicit Bfloat(float value) {
    const std::uint32_t wide = std::bit_cast<std::uint32_t>(value);
    const bool is_nan = (wide & 0x7fffffffu) > 0x7f800000u;
    bits = static_cast<std::uint16_t>((is_nan ? wide | 0x400000u : wide + 0x7fffu + ((wide >> 16) & 1u)) >> 16);
  }
  explicit operator float() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }
};

}  // namespace sfumato
