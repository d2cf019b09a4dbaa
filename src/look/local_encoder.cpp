// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "look/local_adapter.h"
#include "measure/map_table.h"
#include "net/engine.h"
#include "net/nets.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// Sides of the squares that an encoder looks at: two scales, as in [Zhu2017].
constexpr int sides[]{256, 512};

Shapes input_of(int side) { return {{"image", {1, 3, side, side}}}; }

// The net that these weights fill up to its last layer they have.
NetSpec net_for(const TensorFile& weights, const std::string& where) {
  const auto has = [&](const char* name) { return weights.tensors.count(name) > 0; };
  if (is_squeezenet1_1(weights))
    return up_to(squeezenet({.version = 1, .pixels = PixelInput::caffe, .classifier = false}),
                 {"features.7", "features.12"});
  if (!has("features.2.weight"))
    throw Error(Code::look, "found weights of no network that is known here; expected SqueezeNet 1.1, VGG-16 or VGG-19",
                where);
  return vgg_of(weights, {"relu3_3", "relu4_3", "relu5_3"}, where).net;
}

}  // namespace

LocalEncoder encoder_for(TensorFile weights, const std::string& where) {
  LocalEncoder e;
  e.net = net_for(weights, where);
  for (const NetParameter& p : parameters_of(e.net, infer_shapes(e.net, input_of(sides[0]))))
    e.weights.tensors[p.name] = weights.get(p.name, p.shape);
  return e;
}

std::vector<float> picture_of(const Analysis& photo, int side) {
  constexpr int size = Analysis::size;
  std::vector<float> image;
  for (int c = 0; c < 3; ++c) {
    Plane p(size, size);
    for (int i = 0; i < size * size; ++i) p.values[i] = std::clamp(photo.rgb[c * size * size + i], 0.0f, 1.0f);
    const Plane scaled = resized(p, side, side);
    image.insert(image.end(), scaled.values.begin(), scaled.values.end());
  }
  return image;
}

std::vector<float> encoded(const LocalEncoder& e, const Analysis& photo, int threads) {
  std::vector<float> all;
  for (const int side : sides) {
    NetEngine engine(e.net, e.weights, input_of(side), {.threads = threads, .exact = true});
    for (const Tensor& t : engine.run({Tensor{{1, 3, side, side}, picture_of(photo, side)}})) {
      const int h = static_cast<int>(t.shape[2]), w = static_cast<int>(t.shape[3]);
      for (std::int64_t c = 0; c < t.shape[1]; ++c) {
        Plane p(w, h);
        std::copy_n(t.values.begin() + c * h * w, h * w, p.values.begin());
        const Plane cells = resized(p, LocalFeatures::side, LocalFeatures::side);
        all.insert(all.end(), cells.values.begin(), cells.values.end());
      }
    }
  }
  return all;
}

std::vector<float> reduced(const LocalEncoder& e, const std::vector<float>& values) {
  constexpr int cells = LocalFeatures::cells;
  const std::size_t channels = e.mean.size();
  std::vector<float> out(static_cast<std::size_t>(e.kept()) * cells);
  for (int k = 0; k < e.kept(); ++k) {
    float* to = out.data() + static_cast<std::size_t>(k) * cells;
    for (std::size_t c = 0; c < channels; ++c) {
      const float weight = e.components[k * channels + c];
      const float* from = values.data() + c * cells;
      for (int i = 0; i < cells; ++i) to[i] += weight * (from[i] - e.mean[c]);
    }
  }
  return out;
}

}  // namespace sfumato
