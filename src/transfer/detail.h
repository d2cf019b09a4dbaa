// SPDX-License-Identifier: Apache-2.0
// Edge-aware smoothing, detail enhancement, stylization and colorization with the domain transform [Gastal2011].
#pragma once

#include <memory>
#include <string>

#include "filters/domain_transform.h"
#include "transfer/whole_picture.h"

namespace sfumato {

struct DetailOptions {
  float detail = 1;  // share of the photo's detail that is added: -1 leaves none, 0 the photo, above 0 more of its luma
  float lines = 0;   // darkness of contours drawn on the result, 0..1
  DomainFilter variant = DomainFilter::recursive;
  float reach = 0.03f;  // sigma_s as a share of the longer side
  float edges = 0.4f;   // sigma_r, of the sum of encoded red, green and blue
  int iterations = 3;
  bool dither = true;
  int threads = 0;
};

// What is finer than the smoothed photo counts as detail. Throws Code::resource, and what reading throws.
std::shared_ptr<const WholePicture> detailed(const PictureSource&, const DetailOptions&);

// The photo's lightness with the colors of strokes, spread up to its edges. `strokes`: sRGB with alpha, of the photo's
// size, transparent but for the strokes; where none reach the photo's own chroma stays. DetailOptions::detail and lines
// do not count. Throws Code::input for other sizes or no alpha, Code::resource, and what reading throws.
std::shared_ptr<const WholePicture> colorized(const PictureSource&, const Picture& strokes, const DetailOptions&);

}  // namespace sfumato
