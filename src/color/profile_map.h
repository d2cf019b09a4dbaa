// SPDX-License-Identifier: Apache-2.0
// A matrix/curve color profile as plain numbers, for the kernels.
#pragma once

#include <array>
#include <vector>

namespace sfumato {

// Between a profile's encoded values and linear sRGB (D65, unbounded).
struct ProfileMap {
  static constexpr int nodes = 4097;

  // Empty: the sRGB curve in closed form. Otherwise per channel `nodes` values over
  // encoded 0..1 (decode) and over the fourth root of linear 0..1 (encode).
  std::array<std::vector<float>, 3> decode, encode;
  bool is_linear = false;  // no curve at all: scene-linear files
  float to_srgb[9]{1, 0, 0, 0, 1, 0, 0, 0, 1};
  float from_srgb[9]{1, 0, 0, 0, 1, 0, 0, 0, 1};

  bool has_srgb_curve() const { return decode[0].empty() && !is_linear; }
  bool has_tables() const { return !decode[0].empty(); }
  bool is_srgb() const {
    for (int i = 0; i < 9; ++i)
      if (to_srgb[i] != (i % 4 == 0 ? 1.0f : 0.0f)) return false;
    return has_srgb_curve();
  }
};

}  // namespace sfumato
