// SPDX-License-Identifier: Apache-2.0
#include "paint/upscaled_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "lane/pixel.h"
#include "net/builtin_nets.h"
#include "net/engine.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr int margin = 16;  // more than a pixel's reach: one convolution, two in each block, those between doublings
constexpr int least = 4;    // pixels that reflection needs

PictureSource enlarged(PictureSource photo, int factor) {
  photo.width *= factor, photo.height *= factor;
  return photo;
}

}  // namespace

UpscaleNet UpscaleNet::read(const std::string& name) {
  TensorFile file = read_net_file(name);
  const auto text = file.metadata.find("spec");
  if (text == file.metadata.end())
    throw Error(Code::look, "found no network's description; expected a file of sfumato train upscale", name);
  NetSpec spec = net_from_json(text->second, name);
  if (spec.inputs.size() != 1 || spec.inputs[0].channels != 1 || spec.outputs.size() != 1)
    throw Error(Code::look, "found another kind of network; expected one that enlarges luma", name);
  constexpr int side = 16;
  const Shape out = infer_shapes(spec, input_shapes(spec, side, side)).at(spec.outputs[0]);
  if (out.c != 1 || out.h != out.w || out.h % side != 0)
    throw Error(Code::look, "found a network that does not enlarge by a whole number", name);
  return {std::move(spec), std::move(file), static_cast<int>(out.h / side)};
}

UpscaledPicture::UpscaledPicture(const PictureSource& photo, const UpscaleNet& net, const UpscaleOptions& o)
    : PaintedPicture(enlarged(photo, net.factor), o.render),
      factor_(net.factor),
      photo_(read_resampled(photo, photo.width, photo.height)) {
  enlarge_luma(luma_of(photo_), net, o);
}

void UpscaledPicture::enlarge_luma(const Plane& luma, const UpscaleNet& net, const UpscaleOptions& o) {
  luma_ = FloatPlanes(luma.width * factor_, luma.height * factor_, 1);
  std::unique_ptr<NetEngine> engine;
  Shape shape{1, 1, 0, 0};
  for (int y0 = 0; y0 < luma.height; y0 += o.tile)
    for (int x0 = 0; x0 < luma.width; x0 += o.tile) {
      const int left = std::max(x0 - margin, 0), top = std::max(y0 - margin, 0);
      const int width = std::max(std::min(x0 + o.tile + margin, luma.width) - left, least),
                height = std::max(std::min(y0 + o.tile + margin, luma.height) - top, least);
      Tensor tile{{1, 1, height, width}, {}};
      for (int y = top; y < top + height; ++y)
        for (int x = left; x < left + width; ++x)
          tile.values.push_back(luma.row(std::min(y, luma.height - 1))[std::min(x, luma.width - 1)]);
      if (!engine || shape.h != height || shape.w != width) {
        shape = {1, 1, height, width};
        engine = std::make_unique<NetEngine>(net.spec, net.weights, Shapes{{net.spec.inputs[0].name, shape}},
                                             NetEngineOptions{.threads = o.render.threads, .exact = o.exact});
      }
      const Tensor large = engine->run({std::move(tile)})[0];
      const int x1 = std::min(x0 + o.tile, luma.width) * factor_, y1 = std::min(y0 + o.tile, luma.height) * factor_;
      for (int y = y0 * factor_; y < y1; ++y)
        std::copy_n(&large.values[static_cast<std::size_t>(y - top * factor_) * width * factor_ +
                                  static_cast<std::size_t>((x0 - left) * factor_)],
                    x1 - x0 * factor_, luma_.row(0, y) + x0 * factor_);
    }
}

void UpscaledPicture::paint_row(int y, float* const rgb[3]) const {
  stretched_row(photo_, luma_.width(), luma_.height(), y, rgb);
  for (int x = 0; x < luma_.width(); ++x) {
    const float change = luma_.row(0, y)[x] - luma(Rgb<float>{rgb[0][x], rgb[1][x], rgb[2][x]});
    for (int c = 0; c < 3; ++c) rgb[c][x] += change;
  }
}

}  // namespace sfumato
