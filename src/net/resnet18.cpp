// SPDX-License-Identifier: Apache-2.0
#include "net/net_builder.h"

namespace sfumato {
namespace {

struct BasicBlock {
  std::string name;
  int channels, stride;
  bool changes_shape;
};

// Two 3x3 convolutions and a shortcut.
void add_block(NetBuilder& net, const BasicBlock& block) {
  const std::string input = net.last();
  std::string shortcut = input;
  if (block.changes_shape) {
    net.add({.name = block.name + ".downsample.0",
             .kind = NodeKind::conv,
             .inputs = {input},
             .channels = block.channels,
             .stride = block.stride,
             .bias = false});
    shortcut = net.add({.name = block.name + ".downsample.1", .kind = NodeKind::batch_norm});
  }
  net.add({.name = block.name + ".conv1",
           .kind = NodeKind::conv,
           .inputs = {input},
           .channels = block.channels,
           .kernel = 3,
           .stride = block.stride,
           .pad = 1,
           .bias = false});
  net.add({.name = block.name + ".bn1", .kind = NodeKind::batch_norm});
  net.add({.name = block.name + ".relu1", .kind = NodeKind::relu});
  net.add({.name = block.name + ".conv2",
           .kind = NodeKind::conv,
           .channels = block.channels,
           .kernel = 3,
           .pad = 1,
           .bias = false});
  const std::string residual = net.add({.name = block.name + ".bn2", .kind = NodeKind::batch_norm});
  net.add({.name = block.name + ".sum", .kind = NodeKind::add, .inputs = {residual, shortcut}});
  net.add({.name = block.name, .kind = NodeKind::relu});
}

}  // namespace

NetSpec resnet18() {
  NetBuilder net("resnet18", {{.name = "image", .height = 224, .width = 224}});
  net.add_pixels(PixelInput::torchvision);
  net.add({.name = "conv1", .kind = NodeKind::conv, .channels = 64, .kernel = 7, .stride = 2, .pad = 3, .bias = false});
  net.add({.name = "bn1", .kind = NodeKind::batch_norm});
  net.add({.name = "relu1", .kind = NodeKind::relu});
  net.add({.name = "maxpool", .kind = NodeKind::max_pool, .kernel = 3, .stride = 2, .pad = 1});
  for (int layer = 1; layer <= 4; ++layer)
    for (int i = 0; i < 2; ++i) {
      const bool first = layer > 1 && i == 0;
      add_block(net, {"layer" + std::to_string(layer) + "." + std::to_string(i), 32 << layer, first ? 2 : 1, first});
    }
  return net.finish({net.add({.name = "features", .kind = NodeKind::global_average_pool})});
}

}  // namespace sfumato
