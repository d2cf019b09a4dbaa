// SPDX-License-Identifier: Apache-2.0
// A photo of any size painted by optimization.
#pragma once

#include "learner/neural_paint.h"
#include "paint/painted_picture.h"

namespace sfumato {

struct NeuralPaint {
  NeuralOptions options;
  PaintRender render;
};

struct WeightedStyle {
  PictureSource picture;
  double weight;
  RegionShares regions = {};
};

// The painting has at most options.size pixels on its longer side and is enlarged to the photo's size.
class NeuralPicture : public PaintedPicture {
 public:
  // regions: the photo's; none, or those of each style too. Throws Code::look (weights), Code::input, Code::resource.
  NeuralPicture(const PictureSource& photo, const std::vector<WeightedStyle>& styles, NeuralPaint, const NeuralWatch&,
                const RegionShares& regions = {});

 private:
  void paint_row(int y, float* const rgb[3]) const override;

  int width_, height_;
  Planes painting_;
};

}  // namespace sfumato
