// SPDX-License-Identifier: Apache-2.0
// A 3D table in the memory layout that every lane's table3 reads.
#pragma once

#include <vector>

namespace sfumato {

struct CubeTable {
  // The largest size whose offsets a float still counts exactly.
  static constexpr int most = 144;

  // nodes[((b * size + g) * size + r) * 4 + channel]; channel 3 is padding for aligned 128-bit loads.
  // Inputs are scaled as (value - low) * scale into 0 .. size-1, then clamped.
  int size = 2;
  float low[3]{0, 0, 0}, scale[3]{1, 1, 1};
  std::vector<float> nodes;

  // Curves that come first, per channel; empty: none. Inputs are scaled as (value - shaper_low) * shaper_scale
  // into 0 .. shaper.size()-1 and clamped; linear between entries.
  std::vector<float> shaper[3];
  float shaper_low[3]{0, 0, 0}, shaper_scale[3]{1, 1, 1};

  bool has_shaper() const { return !shaper[0].empty(); }
  template <class T>
  T shape(int channel, T v) const {
    const auto& s = shaper[channel];
    T p = (v - T(shaper_low[channel])) * T(shaper_scale[channel]);
    const T last = static_cast<T>(s.size() - 1);
    p = p > T(0) ? (p < last ? p : last) : T(0);
    const int i = p < last ? static_cast<int>(p) : static_cast<int>(s.size()) - 2;
    return T(s[i]) + (T(s[i + 1]) - T(s[i])) * (p - static_cast<T>(i));
  }
};

}  // namespace sfumato
