// SPDX-License-Identifier: Apache-2.0
// From one color space of operations to another, on any lane.
#pragma once

#include "color/lab.h"
#include "color/transfer.h"
#include "sfumato/catalog.h"

namespace sfumato {

// Everything goes through linear light.
template <class V>
Rgb<V> converted(Space from, Space to, Rgb<V> c) {
  if (from == to) return c;
  if (from == Space::encoded) c = srgb_decode(c);
  if (from == Space::oklab) c = oklab_to_linear(c);
  if (from == Space::lab) c = cielab_to_linear(c);
  if (to == Space::encoded) c = srgb_encode(c);
  if (to == Space::oklab) c = linear_to_oklab(c);
  if (to == Space::lab) c = linear_to_cielab(c);
  return c;
}

}  // namespace sfumato
