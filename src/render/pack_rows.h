// SPDX-License-Identifier: Apache-2.0
// Interleaved samples to planar floats and back, over any lane.
#pragma once

#include "lane/scalar.h"
#include "render/kernels.h"

namespace sfumato { inline namespace SFM_ISA {

constexpr float largest_sample = 65504.0f;  // the largest half float

// One hash per pixel; each channel takes its own odd multiple, whose halves are independent enough to round by.
constexpr std::uint32_t dither_seed = 0x51u;
constexpr std::uint32_t dither_multiple[3]{1u, HashConstants::x, HashConstants::y};

// Triangular noise in (-1, 1): the difference of two uniform halves.
inline float triangular(std::uint32_t h) {
  return static_cast<float>(static_cast<std::int32_t>(h & 0xffffu) - static_cast<std::int32_t>(h >> 16)) * 0x1p-16f;
}

template <class T>
void unpack_some(const std::byte* bytes, int bands, int first, int n, float scale, const Strip& to) {
  const T* from = reinterpret_cast<const T*>(bytes) + static_cast<std::ptrdiff_t>(first) * bands;
  for (int i = first; i < n; ++i, from += bands)
    for (int c = 0; c < 3; ++c) to.channel[c][i] = static_cast<float>(from[c]) * scale;
}

inline int clean_floats(const Strip& s, int n) {
  int bad = 0;
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < n; ++i) {
      float v = s.channel[c][i];
      const bool is_finite = v - v == 0.0f;
      bad += is_finite ? 0 : 1;
      v = v < -largest_sample ? -largest_sample : v > largest_sample ? largest_sample : v;
      s.channel[c][i] = v == v ? v : 0.0f;
    }
  return bad;
}

inline void pad(const Strip& s, int n) {
  for (int c = 0; c < 3; ++c)
    for (int i = n; i < padded(n); ++i) s.channel[c][i] = 0.0f;
}

template <class T>
void pack_some(const Strip& from, int bands, int first, int n, const Place& at, float scale, bool dither, std::byte* bytes) {
  T* to = reinterpret_cast<T*>(bytes) + static_cast<std::ptrdiff_t>(first) * bands;
  for (int i = first; i < n; ++i, to += bands) {
    const std::uint32_t h = hash(dither_seed, static_cast<std::uint32_t>(at.x + i), static_cast<std::uint32_t>(at.y));
    for (int c = 0; c < 3; ++c) {
      float v = from.channel[c][i] * scale;
      if (dither) v = v + triangular(h * dither_multiple[c]);
      v = max(min(v, scale), 0.0f);
      to[c] = static_cast<T>(v + 0.5f);
    }
  }
}

#ifdef SFM_PLAIN
template <class V> int unpack_u8(const std::byte*, int, const Strip&) { return 0; }
template <class V> int unpack_u16(const std::byte*, int, const Strip&) { return 0; }
template <class V> int pack_u8(const Strip&, int, const Place&, bool, std::byte*) { return 0; }
template <class V> int pack_u16(const Strip&, int, std::byte*) { return 0; }
#else
// The whole registers of a three-band row; each returns how many pixels it did.
template <class V>
int unpack_u8(const std::byte* bytes, int n, const Strip& to) {
  const hn::Rebind<std::uint8_t, Floats> d8;
  const Ints d32;
  const auto* from = reinterpret_cast<const std::uint8_t*>(bytes);
  constexpr int lanes = lanes_of<V>();
  int i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::VFromD<decltype(d8)> r, g, b;
    hn::LoadInterleaved3(d8, from + 3 * i, r, g, b);
    const auto scale = hn::Set(Floats(), 1.0f / 255.0f);
    hn::Store(hn::Mul(hn::ConvertTo(Floats(), hn::PromoteTo(d32, r)), scale), Floats(), to.channel[0] + i);
    hn::Store(hn::Mul(hn::ConvertTo(Floats(), hn::PromoteTo(d32, g)), scale), Floats(), to.channel[1] + i);
    hn::Store(hn::Mul(hn::ConvertTo(Floats(), hn::PromoteTo(d32, b)), scale), Floats(), to.channel[2] + i);
  }
  return i;
}

template <class V>
int unpack_u16(const std::byte* bytes, int n, const Strip& to) {
  const hn::Rebind<std::uint16_t, Floats> d16;
  const Ints d32;
  const auto* from = reinterpret_cast<const std::uint16_t*>(bytes);
  constexpr int lanes = lanes_of<V>();
  int i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::VFromD<decltype(d16)> r, g, b;
    hn::LoadInterleaved3(d16, from + 3 * i, r, g, b);
    const auto scale = hn::Set(Floats(), 1.0f / 65535.0f);
    hn::Store(hn::Mul(hn::ConvertTo(Floats(), hn::PromoteTo(d32, r)), scale), Floats(), to.channel[0] + i);
    hn::Store(hn::Mul(hn::ConvertTo(Floats(), hn::PromoteTo(d32, g)), scale), Floats(), to.channel[1] + i);
    hn::Store(hn::Mul(hn::ConvertTo(Floats(), hn::PromoteTo(d32, b)), scale), Floats(), to.channel[2] + i);
  }
  return i;
}

// Clamps to 0..scale and rounds.
HWY_INLINE hn::VFromD<Ints> quantize(hn::VFromD<Floats> v, float scale) {
  v = hn::Max(hn::Min(v, hn::Set(Floats(), scale)), hn::Zero(Floats()));
  return hn::ConvertTo(Ints(), hn::Add(v, hn::Set(Floats(), 0.5f)));
}

HWY_INLINE hn::VFromD<Floats> triangular(hn::VFromD<Words> h) {
  auto low = hn::BitCast(Ints(), hn::And(h, hn::Set(Words(), 0xffffu)));
  auto high = hn::BitCast(Ints(), hn::ShiftRight<16>(h));
  return hn::Mul(hn::ConvertTo(Floats(), hn::Sub(low, high)), hn::Set(Floats(), 0x1p-16f));
}

template <bool dither>
int pack_u8_rows(const Strip& from, int n, const Place& at, std::uint8_t* to) {
  const hn::Rebind<std::uint8_t, Floats> d8;
  const Words dw;
  constexpr int lanes = HWY_MAX_BYTES / 4;
  const auto stride = hn::Set(dw, HashConstants::x);
  const auto row = hn::Set(dw, static_cast<std::uint32_t>(at.y) * HashConstants::y + dither_seed);
  // Iota from a variable is slow: it goes through memory.
  const auto first = hn::Add(hn::Iota(dw, 0), hn::Set(dw, static_cast<std::uint32_t>(at.x)));
  int i = 0;
  for (; i + lanes <= n; i += lanes) {
    [[maybe_unused]] const auto h = mix_bits(hn::Add(hn::Mul(hn::Add(first, hn::Set(dw, static_cast<std::uint32_t>(i))), stride), row));
    auto value = [&](int c) {
      auto v = hn::Mul(hn::Load(Floats(), from.channel[c] + i), hn::Set(Floats(), 255.0f));
      if constexpr (dither) v = hn::Add(v, triangular(hn::Mul(h, hn::Set(dw, dither_multiple[c]))));
      return hn::DemoteTo(d8, quantize(v, 255.0f));
    };
    hn::StoreInterleaved3(value(0), value(1), value(2), d8, to + 3 * i);
  }
  return i;
}

template <class V>
int pack_u8(const Strip& from, int n, const Place& at, bool dither, std::byte* bytes) {
  auto* to = reinterpret_cast<std::uint8_t*>(bytes);
  return dither ? pack_u8_rows<true>(from, n, at, to) : pack_u8_rows<false>(from, n, at, to);
}

template <class V>
int pack_u16(const Strip& from, int n, std::byte* bytes) {
  const hn::Rebind<std::uint16_t, Floats> d16;
  auto* to = reinterpret_cast<std::uint16_t*>(bytes);
  constexpr int lanes = lanes_of<V>();
  int i = 0;
  for (; i + lanes <= n; i += lanes) {
    auto value = [&](int c) {
      auto v = hn::Mul(hn::Load(Floats(), from.channel[c] + i), hn::Set(Floats(), 65535.0f));
      return hn::DemoteTo(d16, quantize(v, 65535.0f));
    };
    hn::StoreInterleaved3(value(0), value(1), value(2), d16, to + 3 * i);
  }
  return i;
}
#endif

template <class V>
int unpack_rows(const std::byte* from, Sample sample, int bands, int n, const Strip& to) {
  int done = 0, bad = 0;
  switch (sample) {
    case Sample::u8:
      if (bands == 3) done = unpack_u8<V>(from, n, to);
      unpack_some<std::uint8_t>(from, bands, done, n, 1.0f / 255.0f, to);
      break;
    case Sample::u16:
      if (bands == 3) done = unpack_u16<V>(from, n, to);
      unpack_some<std::uint16_t>(from, bands, done, n, 1.0f / 65535.0f, to);
      break;
    case Sample::f32:
      unpack_some<float>(from, bands, 0, n, 1.0f, to);
      bad = clean_floats(to, n);
      break;
  }
  pad(to, n);
  return bad;
}

template <class V>
void pack_rows(const Strip& from, Sample sample, int bands, int n, const Place& at, bool dither, std::byte* to) {
  int done = 0;
  switch (sample) {
    case Sample::u8:
      if (bands == 3) done = pack_u8<V>(from, n, at, dither, to);
      pack_some<std::uint8_t>(from, bands, done, n, at, 255.0f, dither, to);
      break;
    case Sample::u16:
      if (bands == 3) done = pack_u16<V>(from, n, to);
      pack_some<std::uint16_t>(from, bands, done, n, at, 65535.0f, false, to);
      break;
    case Sample::f32: {
      float* out = reinterpret_cast<float*>(to);
      for (int i = 0; i < n; ++i, out += bands)
        for (int c = 0; c < 3; ++c) out[c] = from.channel[c][i];
      break;
    }
  }
}

}}  // namespace sfumato
