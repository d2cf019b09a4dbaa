// SPDX-License-Identifier: Apache-2.0
#include "net/net_builder.h"

namespace sfumato {

NetSpec mlp(int inputs, const std::vector<int>& hidden, int outputs) {
  NetBuilder net("mlp", {{.name = "features", .channels = inputs, .height = 1, .width = 1}});
  std::size_t layer = 0;
  for (const int channels : hidden) {
    net.add({.name = std::to_string(layer++), .kind = NodeKind::linear, .channels = channels});
    net.add({.name = std::to_string(layer++), .kind = NodeKind::relu});
  }
  return net.finish({net.add(
      {.name = "values", .kind = NodeKind::linear, .parameters = std::to_string(layer), .channels = outputs})});
}

}  // namespace sfumato
