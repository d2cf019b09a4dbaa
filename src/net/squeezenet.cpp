// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "net/net_builder.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// A 1x1 convolution to few channels, then 1x1 and 3x3 side by side to `channels` each.
void add_fire(NetBuilder& net, const std::string& name, int squeezed, int channels) {
  net.add({.name = name + ".squeeze", .kind = NodeKind::conv, .channels = squeezed});
  const std::string input = net.add({.name = name + ".squeeze_relu", .kind = NodeKind::relu});
  net.add({.name = name + ".expand1x1", .kind = NodeKind::conv, .inputs = {input}, .channels = channels});
  const std::string small = net.add({.name = name + ".expand1x1_relu", .kind = NodeKind::relu});
  net.add({.name = name + ".expand3x3",
           .kind = NodeKind::conv,
           .inputs = {input},
           .channels = channels,
           .kernel = 3,
           .pad = 1});
  const std::string large = net.add({.name = name + ".expand3x3_relu", .kind = NodeKind::relu});
  net.add({.name = name, .kind = NodeKind::concat, .inputs = {small, large}});
}

}  // namespace

NetSpec squeezenet(const SqueezeNetOptions& options) {
  if (options.version != 0 && options.version != 1)
    throw Error(Code::usage, fmt::format("found SqueezeNet 1.{}; expected 1.0 or 1.1", options.version));
  const bool old = options.version == 0;
  NetBuilder net(fmt::format("squeezenet1_{}", options.version), {{.name = "image", .height = 227, .width = 227}});
  net.add_pixels(options.pixels);
  const auto add_pool = [&](int index) {
    net.add({.name = fmt::format("features.{}", index),
             .kind = NodeKind::max_pool,
             .kernel = 3,
             .stride = 2,
             .ceil = true});
  };
  net.add(
      {.name = "features.0", .kind = NodeKind::conv, .channels = old ? 96 : 64, .kernel = old ? 7 : 3, .stride = 2});
  net.add({.name = "features.1", .kind = NodeKind::relu});
  add_pool(2);
  // Fires 2 to 9; torchvision's count includes the pools between them.
  const int squeezed[] = {16, 16, 32, 32, 48, 48, 64, 64};
  int index = 3;
  for (int i = 0; i < 8; ++i) {
    add_fire(net, fmt::format("features.{}", index++), squeezed[i], 4 * squeezed[i]);
    const bool pool_follows = old ? i == 2 || i == 6 : i == 1 || i == 3;
    if (pool_follows) add_pool(index++);
  }
  if (!options.classifier) return net.finish({net.last()});
  net.add({.name = "classifier.1", .kind = NodeKind::conv, .channels = 1000, .pad = options.classifier_pad});
  net.add({.name = "classifier.2", .kind = NodeKind::relu});
  return net.finish({net.add({.name = "classes", .kind = NodeKind::global_average_pool})});
}

bool is_squeezenet1_1(const TensorFile& file) { return file.tensors.count("features.12.expand3x3.weight") > 0; }

}  // namespace sfumato
