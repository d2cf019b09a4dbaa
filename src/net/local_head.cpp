// SPDX-License-Identifier: Apache-2.0
#include "net/net_builder.h"

namespace sfumato {

NetSpec local_head(int inputs, int hidden) {
  NetBuilder net("local_head", {{.name = "features", .channels = inputs}});
  net.add({.name = "0", .kind = NodeKind::conv, .channels = hidden});
  net.add({.name = "1", .kind = NodeKind::relu});
  net.add({.name = "2", .kind = NodeKind::conv, .channels = hidden});
  net.add({.name = "3", .kind = NodeKind::relu});
  net.add({.name = "logits", .kind = NodeKind::conv, .parameters = "4", .channels = 3});
  return net.finish({"logits"});
}

}  // namespace sfumato
