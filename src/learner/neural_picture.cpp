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
                             const NeuralWatch& watch)
    : PaintedPicture(photo, o.render), width_(photo.width), height_(photo.height) {
  NeuralInputs in{reader(photo), {}, {}};
  for (const WeightedStyle& s : styles) {
    in.styles.push_back(reader(s.picture));
    in.style_weights.push_back(s.weight);
  }
  o.options.size = std::min(o.options.size, std::max(photo.width, photo.height));
  o.options.threads = o.render.threads;
  painting_ = learner().paint(in, o.options, watch);
}

void NeuralPicture::paint_row(int y, float* const rgb[3]) const {
  const float sx = static_cast<float>(painting_[0].width) / static_cast<float>(width_),
              sy = static_cast<float>(painting_[0].height) / static_cast<float>(height_);
  for (int x = 0; x < width_; ++x) {
    float color[3];
    bicubic(painting_, (static_cast<float>(x) + 0.5f) * sx - 0.5f, (static_cast<float>(y) + 0.5f) * sy - 0.5f, color);
    for (int c = 0; c < 3; ++c) rgb[c][x] = color[c];
  }
}

}  // namespace sfumato
