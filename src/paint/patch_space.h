// SPDX-License-Identifier: Apache-2.0
// Square patches of pictures as short vectors whose squared distances are near those of the patches: projections on
// the principal components of one picture's patches. Computed as a convolution.
#pragma once

#include <vector>

#include "files/safetensors.h"
#include "paint/planes.h"

namespace sfumato {

struct PatchShape {
  int side = 7;         // pixels, odd
  int dimensions = 24;  // at most, of the vectors
};

class PatchSpace {
 public:
  // Of the patches within `planes`; weight[c] is what a squared difference in plane c counts.
  PatchSpace(const Planes& planes, const std::vector<float>& weights, const PatchShape&);

  int dimensions() const { return dimensions_; }

  // One vector after the other, row by row, for patches at every `stride` pixels from the first. With `margin` the
  // patches are those around each such pixel, the picture continuing with its edge; without, those within the picture.
  std::vector<float> project(const Planes&, int stride, bool margin, int threads) const;

 private:
  int side_, channels_, dimensions_;
  TensorFile weights_;
};

}  // namespace sfumato
