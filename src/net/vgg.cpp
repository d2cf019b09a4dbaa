// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "net/net_builder.h"
#include "sfumato/error.h"

namespace sfumato {

NetSpec vgg(const VggOptions& options) {
  if (options.layers != 16 && options.layers != 19)
    throw Error(Code::usage, fmt::format("found a VGG of {} layers; expected 16 or 19", options.layers));
  NetBuilder net(fmt::format("vgg{}", options.layers), {{.name = "image"}});
  net.add_pixels(options.pixels);
  const int deep = options.layers == 16 ? 3 : 4;
  int feature = 0;  // torchvision counts convolutions, ReLUs and pools
  for (int block = 1; block <= 5; ++block) {
    for (int i = 1; i <= (block < 3 ? 2 : deep); ++i) {
      const std::string number = fmt::format("{}_{}", block, i);
      net.add({.name = "conv" + number,
               .kind = NodeKind::conv,
               .parameters = fmt::format("features.{}", feature),
               .channels = std::min(512, 32 << block),
               .kernel = 3,
               .pad = 1});
      net.add({.name = "relu" + number, .kind = NodeKind::relu});
      feature += 2;
    }
    net.add({.name = fmt::format("pool{}", block),
             .kind = options.average_pools ? NodeKind::average_pool : NodeKind::max_pool,
             .kernel = 2,
             .stride = 2});
    ++feature;
  }
  return net.finish({net.last()});
}

}  // namespace sfumato
