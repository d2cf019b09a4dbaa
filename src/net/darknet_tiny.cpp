// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "net/net_builder.h"

namespace sfumato {

NetSpec darknet_tiny() {
  struct Layer {
    int channels, kernel;
    bool pooled = false;
  };
  const Layer layers[] = {{16, 3, true}, {32, 3, true},  {16, 1}, {128, 3}, {16, 1}, {128, 3, true}, {32, 1}, {256, 3},
                          {32, 1},       {256, 3, true}, {64, 1}, {512, 3}, {64, 1}, {512, 3},       {128, 1}};
  NetBuilder net("darknet_tiny", {{.name = "image", .height = 224, .width = 224}});
  int number = 0, pools = 0;
  for (const Layer& layer : layers) {
    ++number;
    net.add({.name = fmt::format("conv2d_{}", number),
             .kind = NodeKind::conv,
             .channels = layer.channels,
             .kernel = layer.kernel,
             .same = true,
             .bias = false});
    net.add({.name = fmt::format("batch_normalization_{}", number), .kind = NodeKind::batch_norm, .epsilon = 1e-3f});
    net.add({.name = fmt::format("leaky_re_lu_{}", number), .kind = NodeKind::leaky_relu, .slope = 0.1f});
    if (layer.pooled)
      net.add({.name = fmt::format("max_pooling2d_{}", ++pools),
               .kind = NodeKind::max_pool,
               .kernel = 2,
               .stride = 2,
               .ceil = true});
  }
  const std::string features = net.add({.name = "features", .kind = NodeKind::global_average_pool});
  net.add({.name = "conv2d_16",
           .kind = NodeKind::conv,
           .inputs = {fmt::format("leaky_re_lu_{}", number)},
           .channels = 1000});
  return net.finish({features, net.add({.name = "classes", .kind = NodeKind::global_average_pool})});
}

TensorFile from_keras(TensorFile file) {
  TensorFile ours;
  ours.metadata = std::move(file.metadata);
  const std::pair<std::string, std::string> endings[] = {{".kernel", ".weight"},
                                                         {".gamma", ".weight"},
                                                         {".beta", ".bias"},
                                                         {".moving_mean", ".running_mean"},
                                                         {".moving_variance", ".running_var"}};
  for (auto& [name, tensor] : file.tensors) {
    std::string our_name = name;
    for (const auto& [theirs, our] : endings)
      if (name.ends_with(theirs)) our_name = name.substr(0, name.size() - theirs.size()) + our;
    ours.tensors[our_name] = std::move(tensor);
  }
  return ours;
}

}  // namespace sfumato
