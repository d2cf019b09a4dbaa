// SPDX-License-Identifier: Apache-2.0
// What reads the picture around each pixel for exemplar_fcn.
#include <fmt/format.h>

#include "net/exemplar.h"
#include "net/net_builder.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

class VggWriter {
 public:
  explicit VggWriter(const VggContextOptions& o) : o_(o), net_("vgg_context", {{.name = "image"}}) {}

  NetSpec write() {
    net_.add_pixels(o_.pixels);
    const int blocks = static_cast<int>(o_.channels.size());
    int feature = 0;  // torchvision counts convolutions, ReLUs and pools
    for (int block = 1; block <= blocks; ++block) {
      for (int i = 1; i <= o_.depths[block - 1]; ++i, feature += 2)
        add_conv(fmt::format("conv{}_{}", block, i), fmt::format("features.{}", feature), o_.channels[block - 1], 3,
                 block == 5 ? 2 : 1);
      ++feature;
      // Below 1/8 the windows move by one pixel (and are 3 wide, so that the size stays), and later kernels reach as
      // much farther instead.
      const bool keeps_size = block >= 4;
      net_.add({.name = fmt::format("pool{}", block),
                .kind = NodeKind::max_pool,
                .kernel = keeps_size ? 3 : 2,
                .stride = keeps_size ? 1 : 2,
                .pad = keeps_size ? 1 : 0});
    }
    add_conv("conv6", "classifier.0", o_.context, o_.conv6_kernel, 1 << (blocks - 3));
    add_conv("conv7", "classifier.3", o_.context, 1, 1);
    return net_.finish({net_.last()});
  }

 private:
  void add_conv(const std::string& name, const std::string& tensors, int channels, int kernel, int dilation) {
    net_.add({.name = name,
              .kind = NodeKind::conv,
              .parameters = tensors,
              .channels = channels,
              .kernel = kernel,
              .dilation = dilation,
              .pad = dilation * (kernel - 1) / 2,
              .pad_mode = PadMode::reflect});
    net_.add({.name = name + "_relu", .kind = NodeKind::relu});
  }

  const VggContextOptions& o_;
  NetBuilder net_;
};

// As deep as the file goes, in whole blocks.
NetSpec vgg_context_of(const TensorFile& file, const std::string& where) {
  const VggFile found = vgg_of(file, {"pool3", "pool4", "pool5"}, where);
  VggContextOptions o{.channels = {}, .depths = {}, .context = 256, .conv6_kernel = 3, .pixels = found.pixels};
  int depth = 0;
  for (const Node& node : found.net.nodes) {
    if (node.kind == NodeKind::conv) ++depth;
    if (node.kind != NodeKind::max_pool) continue;
    o.depths.push_back(depth), depth = 0;
    o.channels.push_back(std::min(512, 32 << o.depths.size()));
  }
  const auto conv6 = file.tensors.find("classifier.0.weight");
  if (conv6 != file.tensors.end() && o.channels.size() == 5 && conv6->second.shape.size() == 4)
    o.context = static_cast<int>(conv6->second.shape[0]), o.conv6_kernel = static_cast<int>(conv6->second.shape[2]);
  return vgg_context(o);
}

// Two depths together, at 1/8 of the size.
NetSpec squeezenet_context() {
  NetSpec net = up_to(squeezenet({.version = 1, .pixels = PixelInput::caffe, .classifier = false}),
                      {"features.7", "features.12"});
  for (Node& node : net.nodes)
    if (node.pad > 0) node.pad_mode = PadMode::reflect;
  net.nodes.push_back({.name = "deep",
                       .kind = NodeKind::resize,
                       .inputs = {"features.12", "features.7"},
                       .mode = ResizeMode::bilinear});
  net.nodes.push_back({.name = "both", .kind = NodeKind::concat, .inputs = {"features.7", "deep"}});
  net.inputs[0].height = net.inputs[0].width = 0;
  net.outputs = {"both"};
  return net;
}

}  // namespace

NetSpec vgg_context(const VggContextOptions& o) {
  const std::size_t blocks = o.channels.size();
  if (blocks < 3 || blocks > 5 || o.depths.size() != blocks)
    throw Error(Code::usage, fmt::format("found {} widths and {} depths; expected as many of each, three to five",
                                         blocks, o.depths.size()));
  return VggWriter(o).write();
}

TensorFile from_vgg_classifier(TensorFile file) {
  for (const char* name : {"classifier.0.weight", "classifier.3.weight"}) {
    Tensor& t = file.tensors.at(name);
    if (t.shape.size() != 2) continue;
    const std::int64_t side = std::string(name) == "classifier.0.weight" ? 7 : 1;
    t.shape = {t.shape[0], t.shape[1] / (side * side), side, side};
  }
  return file;
}

ContextNet context_of(const TensorFile& weights, const std::string& where) {
  const auto has = [&](const std::string& name) { return weights.tensors.count(name) > 0; };
  const bool is_squeezenet = is_squeezenet1_1(weights);
  const bool has_classifier = !is_squeezenet && has("classifier.0.weight") && has("classifier.3.weight");
  const TensorFile file = has_classifier ? from_vgg_classifier(weights) : weights;
  ContextNet c{is_squeezenet ? squeezenet_context() : vgg_context_of(file, where), {}, {}};
  const Shapes shapes = infer_shapes(c.net, input_shapes(c.net, 256, 256));
  for (const NetParameter& p : parameters_of(c.net, shapes))
    if (has(p.name)) c.weights.tensors[p.name] = file.get(p.name, p.shape);
  for (const Node& node : c.net.nodes)
    if (node.kind == NodeKind::conv && !has(node.prefix() + ".weight")) c.fresh.push_back(node.name);
  return c;
}

ContextNet compact_context() {
  return {vgg_context({.channels = {16, 24, 32, 48, 64},
                       .depths = {1, 1, 2, 2, 2},
                       .context = 64,
                       .conv6_kernel = 3,
                       .pixels = PixelInput::torchvision}),
          {},
          {}};
}

}  // namespace sfumato
