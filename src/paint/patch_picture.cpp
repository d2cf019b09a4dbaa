// SPDX-License-Identifier: Apache-2.0
#include "paint/patch_picture.h"

#include <algorithm>
#include <cmath>

namespace sfumato {

PatchPicture::PatchPicture(const PictureSource& photo, const PictureSource& style, const PatchPaint& o,
                           const ScaleDone& done)
    : PaintedPicture(photo, o.render), width_(photo.width), height_(photo.height) {
  const int longer = std::max(photo.width, photo.height), size = std::min(o.size, longer);
  const Size small = fitted(photo.width, photo.height, size);
  const int side = o.options.patch.side, style_side = static_cast<int>(std::lround(size * o.style_scale));
  const Size reduced = fitted(style.width, style.height, std::max(style_side, 1), 2 * side + 1);
  const Planes reduced_style = read_resampled(style, reduced.width, reduced.height);
  const double finer =
      std::min(static_cast<double>(longer) / size,
               static_cast<double>(std::max(style.width, style.height)) / std::max(reduced.width, reduced.height));
  sheet_ = finer > 1 ? read_resampled(style, static_cast<int>(std::lround(reduced.width * finer)),
                                      static_cast<int>(std::lround(reduced.height * finer)))
                     : reduced_style;
  painting_ =
      paint_patches(read_resampled(photo, small.width, small.height), reduced_style, o.options, o.render.threads, done);
}

void PatchPicture::paint_row(int y, float* const rgb[3]) const {
  const PatchField& f = painting_.field;
  vote_row(f, sheet_, width_, height_, y, rgb);
  const float sx = static_cast<float>(f.width) / static_cast<float>(width_),
              sy = static_cast<float>(f.height) / static_cast<float>(height_);
  for (int x = 0; x < width_; ++x) {
    float change[3];
    bicubic(painting_.correction, (static_cast<float>(x) + 0.5f) * sx - 0.5f,
            (static_cast<float>(y) + 0.5f) * sy - 0.5f, change);
    for (int c = 0; c < 3; ++c) rgb[c][x] += change[c];
  }
}

}  // namespace sfumato
