// SPDX-License-Identifier: Apache-2.0
// Where a painting's patches come from: a grid of nodes over the painting, each with a patch of the style.
#pragma once

#include <vector>

#include "paint/planes.h"

namespace sfumato {

struct StylePoint {
  int x = 0, y = 0;  // the patch's first pixel
};

struct PatchField {
  int width = 0, height = 0;              // of the painting, pixels
  int style_width = 0, style_height = 0;  // of the picture the patches are of
  int side = 7, stride = 1;               // of patches; of nodes, which lie at (i, j) * stride
  int columns = 0, rows = 0;
  std::vector<StylePoint> at;  // of each node

  PatchField() = default;
  PatchField(int w, int h, int style_w, int style_h, int patch_side, int node_stride);
  StylePoint& node(int i, int j) { return at[static_cast<std::size_t>(j) * columns + i]; }
  const StylePoint& node(int i, int j) const { return at[static_cast<std::size_t>(j) * columns + i]; }
  // Moved into the style.
  StylePoint inside(int x, int y) const;
};

// The same patches for a painting and a style of twice the size.
PatchField doubled(const PatchField&, int width, int height, int style_width, int style_height, int stride);

// What the patches over each pixel say, in the mean, of the field's own style.
Planes voted(const PatchField&, const Planes& style, int threads);

// Row y of a painting of out_width x out_height, into three rows: the same from a style of any size, each patch
// counting by a window narrower than itself, so that detail finer than the field's pixels does not blur away.
void vote_row(const PatchField&, const Planes& style, int out_width, int out_height, int y, float* const rgb[3]);

}  // namespace sfumato
