// SPDX-License-Identifier: Apache-2.0
// Painting by example: the painting is put together of patches of the style, chosen so that they fit each other, and
// the photo where guides say so; from coarse to fine [Hertzmann2001], [Fiser2016].
#pragma once

#include <cstdint>
#include <functional>

#include "paint/bands.h"
#include "paint/guides.h"
#include "paint/patch_field.h"
#include "paint/patch_polish.h"
#include "paint/patch_space.h"

namespace sfumato {

struct PatchOptions {
  float balance = 0.35f;  // 0: the style's swirls; 1: the photo's shapes
  PatchShape patch;
  float uniformity = 5000;  // cost of a patch used as often as all would be on average, in squares of 1/255 per patch
  int rounds = 6;           // of search and vote, at each scale
  int most_leaves = 12;     // that a search looks into
  std::uint64_t seed = 1;
  GuideOptions guides;
  BandOptions bands;
  PolishOptions polish;
};

struct Painting {
  PatchField field;
  Planes correction;  // to add to what rows vote for, see vote_row
};

// After each scale: the picture so far, of that scale, and the share of the work that is done.
using ScaleDone = std::function<void(const Planes& picture, double share)>;

// `photo` and `style`: encoded red, green and blue of about the same scale; the style at least 2 * side + 1 pixels
// each way.
Painting paint_patches(const Planes& photo, const Planes& style, const PatchOptions&, int threads = 0,
                       const ScaleDone& = {});

}  // namespace sfumato
