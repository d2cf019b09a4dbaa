// SPDX-License-Identifier: Apache-2.0
// The part of pack_rows.h that runs on registers; without them it does nothing and leaves all to the plain loops.
#pragma once

#include "image/strip.h"
#include "lane/fastest.h"

namespace sfumato {
inline namespace SFM_ISA {

// One hash per pixel; each channel takes its own odd multiple, whose halves are independent enough to round by.
constexpr std::uint32_t dither_seed = 0x51u;
constexpr std::uint32_t dither_multiple[3]{1u, HashConstants::x, HashConstants::y};

// The whole registers of a three-band row; each returns how many pixels it did.
#ifdef SFM_PLAIN
template <class V, class T>
int unpack_registers(const std::byte*, int, float, const Strip&) {
  return 0;
}
template <class V, class T, bool dither>
int pack_registers(const Strip&, int, const Place&, float, std::byte*) {
  return 0;
}
#else
template <class V, class T>
int unpack_registers(const std::byte* bytes, int n, float scale, const Strip& to) {
  const hn::Rebind<T, Floats> narrow;
  const auto* from = reinterpret_cast<const T*>(bytes);
  int i = 0;
  for (; i + lanes_of<V>() <= n; i += lanes_of<V>()) {
    hn::VFromD<decltype(narrow)> channel[3];
    hn::LoadInterleaved3(narrow, from + 3 * i, channel[0], channel[1], channel[2]);
    for (int c = 0; c < 3; ++c)
      hn::Store(hn::Mul(hn::ConvertTo(Floats(), hn::PromoteTo(Ints(), channel[c])), hn::Set(Floats(), scale)), Floats(),
                to.channel[c] + i);
  }
  return i;
}

HWY_INLINE hn::VFromD<Floats> triangular(hn::VFromD<Words> h) {
  auto low = hn::BitCast(Ints(), hn::And(h, hn::Set(Words(), 0xffffu)));
  auto high = hn::BitCast(Ints(), hn::ShiftRight<16>(h));
  return hn::Mul(hn::ConvertTo(Floats(), hn::Sub(low, high)), hn::Set(Floats(), 0x1p-16f));
}

template <class V, class T, bool dither>
int pack_registers(const Strip& from, int n, const Place& at, float scale, std::byte* bytes) {
  const hn::Rebind<T, Floats> narrow;
  const Words dw;
  auto* to = reinterpret_cast<T*>(bytes);
  const auto top = hn::Set(Floats(), scale);
  const auto row = hn::Set(dw, static_cast<std::uint32_t>(at.y) * HashConstants::y + dither_seed);
  // Iota from a variable is slow: it goes through memory.
  const auto first = hn::Add(hn::Iota(dw, 0), hn::Set(dw, static_cast<std::uint32_t>(at.x)));
  int i = 0;
  for (; i + lanes_of<V>() <= n; i += lanes_of<V>()) {
    const auto x = hn::Add(first, hn::Set(dw, static_cast<std::uint32_t>(i)));
    [[maybe_unused]] const auto h = mix_bits(hn::Add(hn::Mul(x, hn::Set(dw, HashConstants::x)), row));
    auto value = [&](int c) {
      auto v = hn::Mul(hn::Load(Floats(), from.channel[c] + i), top);
      if constexpr (dither) v = hn::Add(v, triangular(hn::Mul(h, hn::Set(dw, dither_multiple[c]))));
      v = hn::Min(v, top);  // below 0 the demotion clamps
      return hn::DemoteTo(narrow, whole(hn::Add(v, hn::Set(Floats(), 0.5f))));
    };
    hn::StoreInterleaved3(value(0), value(1), value(2), narrow, to + 3 * i);
  }
  return i;
}
#endif

}  // namespace SFM_ISA
}  // namespace sfumato
