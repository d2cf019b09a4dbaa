// SPDX-License-Identifier: Apache-2.0
// The kinds of numbers that weight files hold, little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sfumato {

enum class StoredNumber { f64, f32, f16, bf16, i64, i32, i16, i8, u8, boolean };

std::size_t size_of(StoredNumber);

// `bytes` holds out.size() numbers.
void to_floats(StoredNumber, const char* bytes, std::span<float> out);

// The product of a shape; nothing when a side is negative or the product reaches 2^48.
std::optional<std::uint64_t> count_of(const std::vector<std::int64_t>& shape);

}  // namespace sfumato
