// SPDX-License-Identifier: Apache-2.0
// ICC profiles as numbers.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "color/profile_map.h"

namespace sfumato {

enum class ProfileKind {
  srgb,     // within 0.002 of sRGB in every encoded value and primary
  matrix,   // curves and primaries: rendered exactly
  gray,     // one curve: rendered exactly, with equal channels
  other,    // tables, CMYK, Lab: must be converted by a color engine
  damaged,  // cannot be read
};

struct Profile {
  ProfileKind kind = ProfileKind::srgb;
  std::shared_ptr<const ProfileMap> map;  // for matrix and gray
};

// Never throws: a damaged profile is no reason to lose a picture.
Profile read_profile(std::span<const std::byte> icc);

// Linear light with the given primaries: nine numbers to linear sRGB, row by row.
std::shared_ptr<const ProfileMap> linear_profile(const float (&to_srgb)[9]);

}  // namespace sfumato
