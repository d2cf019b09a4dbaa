// SPDX-License-Identifier: Apache-2.0
#include "learner/neural_picture.h"

#include <algorithm>

#include "learner/learner.h"

namespace sfumato {
namespace {

NeuralInputs::Read reader(const PictureSource& picture) {
  return [picture](int longer) {
    const Size size = fitted(picture.width, picture.height, longer, NeuralOptions::least_side);
    return read_resampled(picture, size.width, size.height);
  };
}

}  // namespace

NeuralPicture::NeuralPicture(const PictureSource& photo, const std::vector<WeightedStyle>& styles, NeuralPaint o,
                             const NeuralWatch& watch, const RegionShares& regions)
    : PaintedPicture(photo, o.render), width_(photo.width), height_(photo.height) {
  NeuralInputs in{reader(photo), {}, {}, regions, {}};
  for (const WeightedStyle& s : styles) {
    in.styles.push_back(reader(s.picture));
    in.style_weights.push_back(s.weight);
    in.style_regions.push_back(s.regions);
  }
  o.options.size = std::min(o.options.size, std::max(photo.width, photo.height));
  o.options.threads = o.render.threads;
  painting_ = learner().paint(in, o.options, watch);
}

void NeuralPicture::paint_row(int y, float* const rgb[3]) const { stretched_row(painting_, width_, height_, y, rgb); }

}  // namespace sfumato
