// SPDX-License-Identifier: Apache-2.0
// A photo of any size painted with patches of a style.
#pragma once

#include "paint/painted_picture.h"
#include "paint/patch_painter.h"

namespace sfumato {

struct PatchPaint {
  PatchOptions options;
  PaintRender render;
  int size = 1024;        // longer side of the picture at which patches are chosen, in pixels
  float style_scale = 1;  // of the style to the photo: longer side by longer side
};

// Patches are chosen in a reduced picture; then each is taken from the style at the resolution of the photo, as far as
// the style has it. Memory does not grow with the photo.
class PatchPicture : public PaintedPicture {
 public:
  // Throws Code::input and Code::resource.
  PatchPicture(const PictureSource& photo, const PictureSource& style, const PatchPaint&, const ScaleDone& = {});

 private:
  void paint_row(int y, float* const rgb[3]) const override;

  int width_, height_;
  Planes sheet_;  // the style, as fine as it is needed
  Painting painting_;
};

}  // namespace sfumato
