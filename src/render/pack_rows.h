// SPDX-License-Identifier: Apache-2.0
// Interleaved samples to planar floats and back, over any lane.
#pragma once

#include "render/kernels.h"
#include "render/pack_registers.h"

namespace sfumato {
inline namespace SFM_ISA {

constexpr float largest_sample = 65504.0f;  // the largest half float

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
void pack_some(const Strip& from, int bands, int first, int n, const Place& at, float scale, bool dither,
               std::byte* bytes) {
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

template <class V, class T>
void unpack_whole_numbers(const std::byte* from, int bands, int n, float scale, const Strip& to) {
  const int done = bands == 3 ? unpack_registers<V, T>(from, n, scale, to) : 0;
  unpack_some<T>(from, bands, done, n, scale, to);
}

template <class V, class T>
void pack_whole_numbers(const Strip& from, int bands, int n, const Place& at, float scale, bool dither, std::byte* to) {
  int done = 0;
  if (bands == 3)
    done = dither ? pack_registers<V, T, true>(from, n, at, scale, to)
                  : pack_registers<V, T, false>(from, n, at, scale, to);
  pack_some<T>(from, bands, done, n, at, scale, dither, to);
}

template <class V>
int unpack_rows(const std::byte* from, Sample sample, int bands, int n, const Strip& to) {
  int bad = 0;
  switch (sample) {
    case Sample::u8:
      unpack_whole_numbers<V, std::uint8_t>(from, bands, n, 1.0f / 255.0f, to);
      break;
    case Sample::u16:
      unpack_whole_numbers<V, std::uint16_t>(from, bands, n, 1.0f / 65535.0f, to);
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
  switch (sample) {
    case Sample::u8:
      pack_whole_numbers<V, std::uint8_t>(from, bands, n, at, 255.0f, dither, to);
      break;
    case Sample::u16:
      pack_whole_numbers<V, std::uint16_t>(from, bands, n, at, 65535.0f, false, to);
      break;
    case Sample::f32: {
      float* out = reinterpret_cast<float*>(to);
      for (int i = 0; i < n; ++i, out += bands)
        for (int c = 0; c < 3; ++c) out[c] = from.channel[c][i];
      break;
    }
  }
}

}  // namespace SFM_ISA
}  // namespace sfumato
