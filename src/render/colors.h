// SPDX-License-Identifier: Apache-2.0
// Single colors through a plan, for what needs no position: tables, fits, checks.
#pragma once

#include <vector>

#include "lane/pixel.h"
#include "sfumato/render.h"

namespace sfumato {

// sRGB-encoded in and out, float, without dither.
std::vector<Rgb<float>> render_colors(const Plan&, const std::vector<Rgb<float>>&);

}  // namespace sfumato
