// SPDX-License-Identifier: Apache-2.0
#include "net/net_builder.h"

namespace sfumato {

NetSpec thumbnail_encoder(const EncoderOptions& options) {
  NetBuilder net("thumbnail_encoder", {{.name = "image", .height = 256, .width = 256}});
  // Centered: what is learned starts from values around 0.
  net.add({.name = "pixels", .kind = NodeKind::scale_shift, .scale = {2, 2, 2}, .shift = {-1, -1, -1}});
  for (std::size_t i = 0; i < options.channels.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    net.add({.name = "conv" + number,
             .kind = NodeKind::conv,
             .channels = options.channels[i],
             .kernel = 3,
             .stride = 2,
             .pad = 1,
             .bias = options.groups == 0});
    if (options.groups) net.add({.name = "norm" + number, .kind = NodeKind::group_norm, .groups = options.groups});
    net.add({.name = "relu" + number, .kind = NodeKind::relu});
  }
  return net.finish({net.add({.name = "features", .kind = NodeKind::global_average_pool})});
}

}  // namespace sfumato
