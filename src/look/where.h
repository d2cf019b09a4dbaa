// SPDX-License-Identifier: Apache-2.0
// From what a look says on where its steps work to numbers for the pixels of one photo.
#pragma once

#include "measure/analysis.h"
#include "measure/map_table.h"
#include "measure/regions.h"
#include "sfumato/look.h"

namespace sfumato {

// A mask picture and its photo, in one size; both sRGB-encoded.
struct PhotoMask {
  Picture mask, photo;
};

// Whether some step's place comes from a mask picture; from the photo's colors and places.
bool wants_mask(const Look&);
bool has_places(const Look&);

// The look with the maps of those steps. Throws Code::input: a mask without regions.
Look with_mask(const Look&, const PhotoMask&);
Look with_places(const Look&, const Analysis&);

// The look with three learned maps, as map_table makes them.
Look with_learned_maps(const Look&, CubeTable);

// Every step that works everywhere works where the mask is bright instead.
Look limited_to_mask(const Look&, float feather, bool snaps);

}  // namespace sfumato
