// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "net/net_builder.h"
#include "sfumato/error.h"

namespace sfumato {

NetSpec upscaler(const UpscalerOptions& o) {
  if (std::find(o.factors.begin(), o.factors.end(), o.factor) == o.factors.end())
    throw Error(Code::usage, fmt::format("found a factor of {}; expected {}", o.factor, fmt::join(o.factors, ", ")));
  NetBuilder net("upscaler", {{.name = "luma", .channels = 1}});
  const auto add_conv = [&](const std::string& name, int channels, bool relu = true) {
    net.add({.name = name,
             .kind = NodeKind::conv,
             .channels = channels,
             .kernel = 3,
             .pad = 1,
             .pad_mode = PadMode::reflect});
    return relu ? net.add({.name = name + ".relu", .kind = NodeKind::relu}) : net.last();
  };
  std::string last = add_conv("first", o.channels);
  for (int i = 1; i <= o.blocks; ++i) {
    const std::string name = fmt::format("block{}", i);
    add_conv(name + ".conv1", o.channels);
    const std::string change = add_conv(name + ".conv2", o.channels, false);
    last = net.add({.name = name, .kind = NodeKind::add, .inputs = {change, last}});
  }
  for (int f = 2; f <= o.factor; f *= 2) {
    net.add({.name = fmt::format("up{}.resize", f), .kind = NodeKind::resize, .factor = 2});
    add_conv(fmt::format("up{}", f), o.channels);
  }
  const std::string change = add_conv("out", 1, false);
  const std::string base = net.add({.name = "base",
                                    .kind = NodeKind::resize,
                                    .inputs = {"luma"},
                                    .factor = static_cast<float>(o.factor),
                                    .mode = ResizeMode::bilinear});
  return net.finish({net.add({.name = "enlarged", .kind = NodeKind::add, .inputs = {base, change}})});
}

}  // namespace sfumato
