// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "net/net_builder.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

void add_pool(NetBuilder& net, VggPool pool, const std::string& name, int channels) {
  Node window{.name = name, .kind = NodeKind::average_pool, .kernel = 2, .stride = 2};
  const auto constants = [&](double v) { return std::vector<float>(channels, static_cast<float>(v)); };
  switch (pool) {
    case VggPool::max:
      window.kind = NodeKind::max_pool;
      [[fallthrough]];
    case VggPool::average:
      net.add(window);
      return;
    case VggPool::doubled_average:
      window.name += ".mean";
      net.add(window);
      net.add({.name = name, .kind = NodeKind::scale_shift, .scale = constants(2)});
      return;
    case VggPool::l2:
      // The shift keeps the root's slope finite where all is zero.
      constexpr double magnitude = 0.78, least = 1e-6;
      const std::string last = net.last();
      net.add({.name = name + ".squares", .kind = NodeKind::mul, .inputs = {last, last}});
      window.name += ".mean";
      net.add(window);
      net.add({.name = name + ".sum",
               .kind = NodeKind::scale_shift,
               .scale = constants(4 * magnitude * magnitude),
               .shift = constants(least)});
      net.add({.name = name, .kind = NodeKind::sqrt});
      return;
  }
}

}  // namespace

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
               .pad = 1,
               .pad_mode = feature == 0 ? options.first_pad : PadMode::zero});
      net.add({.name = "relu" + number, .kind = NodeKind::relu});
      feature += 2;
    }
    add_pool(net, options.pool, fmt::format("pool{}", block), std::min(512, 32 << block));
    ++feature;
  }
  return net.finish({net.last()});
}

VggFile vgg_of(const TensorFile& file, const std::vector<std::string>& outputs, const std::string& where,
               VggOptions options) {
  const auto has = [&](const std::string& name) { return file.tensors.count(name) > 0; };
  if (!has("features.0.weight") || !has("features.2.weight"))
    throw Error(Code::look, "found no VGG; expected the tensors features.0.weight ... of a VGG-16 or VGG-19", where);
  // VGG-19 has a convolution where VGG-16 pools.
  options.layers = has("features.16.weight") ? 19 : 16;
  const auto input = file.metadata.find("input");
  const bool is_caffe = input != file.metadata.end() && input->second.starts_with("BGR");
  options.pixels = is_caffe ? PixelInput::caffe : PixelInput::torchvision;
  const NetSpec whole = vgg(options);
  std::vector<std::string> reached;
  VggFile found{{}, options.pixels, {}};
  for (const std::string& output : outputs) {
    const NetSpec part = up_to(whole, {output});
    const bool is_filled = std::all_of(part.nodes.begin(), part.nodes.end(), [&](const Node& n) {
      return n.kind != NodeKind::conv || has(n.prefix() + ".weight");
    });
    (is_filled ? reached : found.missing).push_back(output);
  }
  if (reached.empty())
    throw Error(Code::look, fmt::format("found a VGG without {}; expected more of its layers", outputs.front()), where);
  found.net = up_to(whole, reached);
  return found;
}

}  // namespace sfumato
