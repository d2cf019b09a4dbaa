// SPDX-License-Identifier: Apache-2.0
// What the page shows of a wish before anything is saved.
#pragma once

#include <nlohmann/json.hpp>

#include "http.h"
#include "transfer/color_map.h"
#include "wish.h"

namespace sfumato {

// The look as GLSL with its numbers apart, for the page to draw by itself.
nlohmann::json compiled(Wishes&, const Wish&, const nlohmann::json& request);

// Pixels drawn here, for looks that GLSL cannot carry: "longest", or "x", "y", "width", "height".
Response drawn(Wishes&, Pictures&, const Wish&, const nlohmann::json& request);

// Shares and cumulative shares of pixels in 256 bins per channel and of luma, before and after.
nlohmann::json measured(Wishes&, Pictures&, const Wish&);

// A photo in the colors of a reference, small.
Picture matched(Pictures&, const StoredPhoto&, const StoredPhoto& reference, const MatchOptions&);

// 16-bit RGBA, its size in headers.
Response pixel_response(const Picture&);

// The longer side that a page may ask for; more is a crop's business.
constexpr int longest_preview = 4096;

}  // namespace sfumato
