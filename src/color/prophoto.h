// SPDX-License-Identifier: Apache-2.0
// ProPhoto RGB as the published code of [Yan2016] reads it.
#pragma once

#include <cmath>

#include "color/lab.h"

namespace sfumato {

// Encoded values, curve without a toe, to CIE XYZ of D50.
inline Rgb<double> prophoto_to_xyz(const Rgb<double>& encoded) {
  constexpr double m[9]{0.7976749, 0.1351917, 0.0313534, 0.2880402, 0.7118741, 0.0000857, 0.0, 0.0, 0.8252100};
  auto linear = [](double v) { return std::pow(v > 0.0 ? v : 0.0, 1.8); };
  return times(m, Rgb<double>{linear(encoded.r), linear(encoded.g), linear(encoded.b)});
}

// Bradford adaptation [Lindbloom].
inline Rgb<double> d50_to_d65(const Rgb<double>& xyz) {
  constexpr double m[9]{0.9555766, -0.0230393, 0.0631636,  -0.0282895, 1.0099416,
                        0.0210077, 0.0122982,  -0.0204830, 1.3299098};
  return times(m, xyz);
}

}  // namespace sfumato
