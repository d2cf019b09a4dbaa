// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "net/net_builder.h"

namespace sfumato {
namespace {

class JohnsonBuilder {
 public:
  explicit JohnsonBuilder(const JohnsonOptions& options) : options_(options), net_("johnson", {{.name = "image"}}) {}

  NetSpec build() {
    net_.add({.name = "pixels", .kind = NodeKind::scale_shift, .scale = {255, 255, 255}});
    add_conv("conv1", channels(32), 9, 1);
    add_conv("conv2", channels(64), 3, 2);
    add_conv("conv3", channels(128), 3, 2);
    for (int i = 1; i <= 5; ++i) add_residual(fmt::format("residual{}", i));
    add_up("up1", channels(64));
    add_up("up2", channels(32));
    add_conv("out", 3, 9, 1, false, options_.last_norm);
    net_.add({.name = "tanh", .kind = NodeKind::tanh});
    const float scale = options_.output_scale / 255;
    return net_.finish({net_.add({.name = "picture",
                                  .kind = NodeKind::scale_shift,
                                  .scale = {scale, scale, scale},
                                  .shift = {0.5f, 0.5f, 0.5f}})});
  }

 private:
  // Multiples of 8: the processor computes them in groups.
  int channels(int full) const {
    return std::max(8, static_cast<int>(std::lround(static_cast<float>(full) * options_.width / 8)) * 8);
  }

  void add_norm(const std::string& name, bool relu) {
    net_.add({.name = name + ".norm",
              .kind = options_.batch_norm ? NodeKind::batch_norm : NodeKind::instance_norm,
              .epsilon = options_.epsilon});
    if (relu) net_.add({.name = name + ".relu", .kind = NodeKind::relu});
  }

  void add_conv(const std::string& name, int channels, int kernel, int stride, bool relu = true, bool norm = true) {
    Node conv{
        .name = name, .kind = NodeKind::conv, .channels = channels, .kernel = kernel, .stride = stride, .bias = !norm};
    conv.same = options_.same;
    if (!options_.same) {
      conv.pad = kernel / 2;
      conv.pad_mode = PadMode::reflect;
    }
    net_.add(conv);
    if (norm) add_norm(name, relu);
  }

  void add_residual(const std::string& name) {
    const std::string input = net_.last();
    add_conv(name + ".conv1", channels(128), 3, 1);
    add_conv(name + ".conv2", channels(128), 3, 1, false);
    net_.add({.name = name, .kind = NodeKind::add, .inputs = {net_.last(), input}});
  }

  void add_up(const std::string& name, int channels) {
    if (!options_.transposed) {
      net_.add({.name = name + ".resize", .kind = NodeKind::resize, .factor = 2});
      return add_conv(name, channels, 3, 1);
    }
    Node up{
        .name = name, .kind = NodeKind::conv_transposed, .channels = channels, .kernel = 3, .stride = 2, .bias = false};
    up.same = options_.same;
    if (!options_.same) up.pad = up.output_pad = 1;
    net_.add(up);
    add_norm(name, true);
  }

  const JohnsonOptions& options_;
  NetBuilder net_;
};

// [rows, columns, a, b] to [b, a, rows, columns].
Tensor kernel_first(const Tensor& from) {
  const std::int64_t pixels = from.shape[0] * from.shape[1], as = from.shape[2], bs = from.shape[3];
  Tensor to{{bs, as, from.shape[0], from.shape[1]}, std::vector<float>(from.values.size())};
  for (std::int64_t p = 0; p < pixels; ++p)
    for (std::int64_t a = 0; a < as; ++a)
      for (std::int64_t b = 0; b < bs; ++b) to.values[(b * as + a) * pixels + p] = from.values[(p * as + a) * bs + b];
  return to;
}

}  // namespace

NetSpec johnson(const JohnsonOptions& options) { return JohnsonBuilder(options).build(); }

JohnsonOptions lengstrom_options() { return {.transposed = true, .same = true, .epsilon = 1e-3f, .last_norm = true}; }

TensorFile from_lengstrom(const TensorFile& file) {
  std::vector<std::string> layers{"conv1", "conv2", "conv3"};
  for (int i = 1; i <= 5; ++i)
    for (int j = 1; j <= 2; ++j) layers.push_back(fmt::format("residual{}.conv{}", i, j));
  layers.insert(layers.end(), {"up1", "up2", "out"});
  TensorFile ours;
  ours.metadata = file.metadata;
  int variable = 0;
  const auto next = [&](const std::vector<std::int64_t>& shape) -> const Tensor& {
    const std::string name = variable ? fmt::format("Variable_{}", variable) : "Variable";
    ++variable;
    return file.get(name, shape);
  };
  for (const std::string& layer : layers) {
    // Kernels [rows, columns, in, out], of transposed convolutions [rows, columns, out, in]: ours begin with the last.
    ours.tensors[layer + ".weight"] = kernel_first(next({-1, -1, -1, -1}));
    ours.tensors[layer + ".norm.bias"] = next({-1});
    ours.tensors[layer + ".norm.weight"] = next({-1});
  }
  return ours;
}

}  // namespace sfumato
