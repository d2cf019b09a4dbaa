// SPDX-License-Identifier: Apache-2.0
// Pictures for reports: small JPEGs as data URIs, and color errors as colors.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "measure/plane.h"

namespace sfumato {

// Delta E on a scale that doubles at each step: these are equally far apart in error_color.
inline constexpr std::array<int, 6> error_ticks{0, 1, 3, 7, 15, 31};

// Black through purple and orange to light yellow; 31 and above look the same.
std::array<std::uint8_t, 3> error_color(double delta_e);

// The picture at most `long_edge` pixels long, as "data:image/jpeg;base64,...". Encoded as sRGB.
std::string jpeg_uri(const View& srgb, int long_edge = 480);

// The errors averaged to that size, colored.
std::string error_map_uri(const Plane& delta_e, int long_edge = 480);

}  // namespace sfumato
