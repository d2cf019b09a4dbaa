// SPDX-License-Identifier: Apache-2.0
#include "net/net_builder.h"

namespace sfumato {
namespace {

constexpr int transforms = 3;

void add_convolutions(NetBuilder& net, int hidden, int outputs) {
  net.add({.name = "0", .kind = NodeKind::conv, .channels = hidden});
  net.add({.name = "1", .kind = NodeKind::relu});
  net.add({.name = "2", .kind = NodeKind::conv, .channels = hidden});
  net.add({.name = "3", .kind = NodeKind::relu});
  net.add({.name = "logits", .kind = NodeKind::conv, .parameters = "4", .channels = outputs});
}

void add_unet(NetBuilder& net, int hidden) {
  const auto conv = [&](const std::string& name, const std::string& input) {
    net.add({.name = name,
             .kind = NodeKind::conv,
             .inputs = {input},
             .channels = hidden,
             .kernel = 3,
             .pad = 1,
             .pad_mode = PadMode::reflect});
    return net.add({.name = name + "_relu", .kind = NodeKind::relu});
  };
  const auto halved = [&](const std::string& of) {
    return net.add({.name = of + "_half", .kind = NodeKind::average_pool, .inputs = {of}, .kernel = 2, .stride = 2});
  };
  const auto joined = [&](const std::string& fine, const std::string& coarse) {
    const std::string twice = net.add(
        {.name = coarse + "_twice", .kind = NodeKind::resize, .inputs = {coarse, fine}, .mode = ResizeMode::bilinear});
    return net.add({.name = fine + "_joined", .kind = NodeKind::concat, .inputs = {fine, twice}});
  };
  net.add({.name = "0", .kind = NodeKind::conv, .channels = hidden});
  const std::string whole = net.add({.name = "0_relu", .kind = NodeKind::relu});
  const std::string half = conv("1", halved(whole));
  const std::string quarter = conv("2", halved(half));
  conv("4", joined(whole, conv("3", joined(half, quarter))));
  net.add({.name = "logits", .kind = NodeKind::conv, .channels = transforms});
}

}  // namespace

NetSpec local_head(LocalNet kind, int inputs, int hidden) {
  NetBuilder net("local_head", {{.name = "features", .channels = inputs}});
  switch (kind) {
    case LocalNet::cells:
      add_convolutions(net, hidden, transforms);
      break;
    case LocalNet::unet:
      add_unet(net, hidden);
      break;
    case LocalNet::grid:
      net.add({.name = "pool", .kind = NodeKind::average_pool, .kernel = 4, .stride = 4});
      add_convolutions(net, hidden, transforms * local_grid_depth);
  }
  return net.finish({"logits"});
}

}  // namespace sfumato
