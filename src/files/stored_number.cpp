// SPDX-License-Identifier: Apache-2.0
#include "files/stored_number.h"

#include <bit>
#include <cstring>

#include "base/bfloat.h"

namespace sfumato {
namespace {

static_assert(std::endian::native == std::endian::little, "weight files are little-endian and are read as they are");

struct Half {
  std::uint16_t bits;
  explicit operator float() const {
    const std::uint32_t sign = (bits & 0x8000u) << 16, exponent = (bits >> 10) & 31, fraction = bits & 1023u;
    if (exponent == 0) {
      const float tiny = static_cast<float>(fraction) * 0x1p-24f;
      return sign ? -tiny : tiny;
    }
    const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
    return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
  }
};

// A file may hold other bytes than 0 and 1, which C++'s own bool may not.
struct Truth {
  std::uint8_t byte;
  explicit operator float() const { return byte ? 1.0f : 0.0f; }
};

template <class Action>
auto with_type(StoredNumber type, const Action& action) {
  switch (type) {
    case StoredNumber::f64:
      return action(double());
    case StoredNumber::f32:
      return action(float());
    case StoredNumber::f16:
      return action(Half());
    case StoredNumber::bf16:
      return action(Bfloat());
    case StoredNumber::i64:
      return action(std::int64_t());
    case StoredNumber::i32:
      return action(std::int32_t());
    case StoredNumber::i16:
      return action(std::int16_t());
    case StoredNumber::i8:
      return action(std::int8_t());
    case StoredNumber::u8:
      return action(std::uint8_t());
    default:
      return action(Truth());
  }
}

}  // namespace

std::size_t size_of(StoredNumber type) {
  return with_type(type, [](auto kind) { return sizeof kind; });
}

void to_floats(StoredNumber type, const char* bytes, std::span<float> out) {
  with_type(type, [&](auto value) {
    for (float& number : out) {
      std::memcpy(&value, bytes, sizeof value);
      number = static_cast<float>(value);
      bytes += sizeof value;
    }
  });
}

std::optional<std::uint64_t> count_of(const std::vector<std::int64_t>& shape) {
  constexpr std::int64_t most = std::int64_t{1} << 48;
  std::int64_t count = 1;
  for (const std::int64_t side : shape) {
    if (side < 0 || __builtin_mul_overflow(count, side, &count) || count >= most) return std::nullopt;
  }
  return static_cast<std::uint64_t>(count);
}

}  // namespace sfumato
