// SPDX-License-Identifier: Apache-2.0
#include "net/net_builder.h"

namespace sfumato {

NetBuilder::NetBuilder(std::string name, std::vector<NetInput> inputs) : last_(inputs.front().name) {
  spec_.name = std::move(name);
  spec_.inputs = std::move(inputs);
}

std::string NetBuilder::add(Node node) {
  if (node.inputs.empty()) node.inputs = {last_};
  last_ = node.name;
  spec_.nodes.push_back(std::move(node));
  return last_;
}

std::string NetBuilder::add_pixels(PixelInput pixels) {
  Node node{.name = "pixels", .kind = NodeKind::scale_shift};
  if (pixels == PixelInput::torchvision) {
    const float mean[] = {0.485f, 0.456f, 0.406f}, deviation[] = {0.229f, 0.224f, 0.225f};
    for (int c = 0; c < 3; ++c) {
      node.scale.push_back(1 / deviation[c]);
      node.shift.push_back(-mean[c] / deviation[c]);
    }
  } else {
    node.order = {2, 1, 0};
    node.scale = {255, 255, 255};
    node.shift = {-103.939f, -116.779f, -123.68f};
  }
  return add(node);
}

NetSpec NetBuilder::finish(std::vector<std::string> outputs) {
  spec_.outputs = std::move(outputs);
  check(spec_);
  return std::move(spec_);
}

}  // namespace sfumato
