// SPDX-License-Identifier: Apache-2.0
#include "net/style_net.h"

#include <algorithm>

namespace sfumato {

NetSpec style_net(const NetSpec& encoder, int outputs) {
  constexpr int map_channels = 16, hidden = 128;
  NetSpec net = encoder;
  net.name = "style_" + encoder.name;
  net.inputs.push_back({.name = "descriptor", .channels = Descriptor::size, .height = 1, .width = 1});
  const auto pool =
      std::find_if(net.nodes.begin(), net.nodes.end(), [](const Node& n) { return n.name == "features"; });
  const std::string map = pool->inputs[0];
  auto add = [&](Node node) { net.nodes.push_back(std::move(node)); };
  add({.name = "place", .kind = NodeKind::conv, .inputs = {map}, .channels = map_channels});
  add({.name = "place_relu", .kind = NodeKind::relu, .inputs = {"place"}});
  add({.name = "places", .kind = NodeKind::flatten, .inputs = {"place_relu"}});
  add({.name = "all", .kind = NodeKind::concat, .inputs = {"features", "descriptor", "places"}});
  add({.name = "hidden", .kind = NodeKind::linear, .inputs = {"all"}, .channels = hidden});
  add({.name = "hidden_relu", .kind = NodeKind::relu, .inputs = {"hidden"}});
  add({.name = "summary", .kind = NodeKind::concat, .inputs = {"hidden_relu", "descriptor"}});
  add({.name = "raw", .kind = NodeKind::linear, .inputs = {"summary"}, .channels = outputs});
  net.outputs = {"raw"};
  return net;
}

std::vector<float> image_input(const Analysis& photo) {
  std::vector<float> image = photo.rgb;
  for (float& v : image) v = std::clamp(v, 0.0f, 1.0f);
  return image;
}

}  // namespace sfumato
