// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "net/net_builder.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

class Writer {
 public:
  explicit Writer(const ExemplarOptions& o) : o_(o), net_("exemplar_fcn", {{.name = "image"}, {.name = "lab"}}) {}

  NetSpec write() {
    const std::string image = net_.add_pixels(o_.pixels);
    const std::string small = add_context(image, "small.");
    net_.add({.name = "twice", .kind = NodeKind::resize, .inputs = {image}, .factor = 2, .mode = ResizeMode::bilinear});
    const std::string large = add_context("twice", "large.");
    if (o_.direct)
      mix_features(small, large);
    else
      mix_projections(small, large);
    net_.add({.name = "mix_relu", .kind = NodeKind::relu});
    net_.add({.name = "mix2", .kind = NodeKind::conv, .channels = o_.hidden});
    net_.add({.name = "mix2_relu", .kind = NodeKind::relu});
    net_.add({.name = "transform", .kind = NodeKind::conv, .channels = 30});
    return net_.finish({"transform"});
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

  // VGG-16 at 1/8 of the size of `input`; both scales read the same tensors.
  std::string add_context(const std::string& input, const std::string& scale) {
    int feature = 0;
    for (int block = 1; block <= 5; ++block) {
      for (int i = 1; i <= (block < 3 ? 2 : 3); ++i, feature += 2) {
        if (feature == 0)
          add_first(input, scale);
        else
          add_conv(fmt::format("{}conv{}_{}", scale, block, i), fmt::format("features.{}", feature),
                   o_.channels[block - 1], 3, block == 5 ? 2 : 1);
      }
      ++feature;
      // Below 1/8 the windows move by one pixel (and are 3 wide, so that the size stays), and later kernels reach as
      // much farther instead.
      const bool keeps_size = block >= 4;
      net_.add({.name = fmt::format("{}pool{}", scale, block),
                .kind = NodeKind::max_pool,
                .kernel = keeps_size ? 3 : 2,
                .stride = keeps_size ? 1 : 2,
                .pad = keeps_size ? 1 : 0});
    }
    add_conv(scale + "conv6", "classifier.0", o_.context, o_.conv6_kernel, 4);
    add_conv(scale + "conv7", "classifier.3", o_.context, 1, 1);
    return net_.last();
  }

  void add_first(const std::string& input, const std::string& scale) {
    net_.add({.name = scale + "conv1_1",
              .kind = NodeKind::conv,
              .inputs = {input},
              .parameters = "features.0",
              .channels = o_.channels[0],
              .kernel = 3,
              .pad = 1,
              .pad_mode = PadMode::reflect});
    net_.add({.name = scale + "conv1_1_relu", .kind = NodeKind::relu});
  }

  std::string full_size(const std::string& what, const std::string& name) {
    return net_.add({.name = name, .kind = NodeKind::resize, .inputs = {what, "lab"}, .mode = ResizeMode::bilinear});
  }

  void mix_features(const std::string& small, const std::string& large) {
    const std::string a = full_size(small, "small_full"), b = full_size(large, "large_full");
    net_.add({.name = "features", .kind = NodeKind::concat, .inputs = {a, b, "lab"}});
    net_.add({.name = "mix", .kind = NodeKind::conv, .channels = o_.hidden});
  }

  void mix_projections(const std::string& small, const std::string& large) {
    const auto projected = [&](const std::string& from, const std::string& name) {
      net_.add({.name = "mix." + name, .kind = NodeKind::conv, .inputs = {from}, .channels = o_.hidden, .bias = false});
      return full_size(net_.last(), name + "_full");
    };
    const std::string a = projected(small, "small"), b = projected(large, "large");
    const std::string c =
        net_.add({.name = "mix.lab", .kind = NodeKind::conv, .inputs = {"lab"}, .channels = o_.hidden});
    const std::string ab = net_.add({.name = "context", .kind = NodeKind::add, .inputs = {a, b}});
    net_.add({.name = "mixed", .kind = NodeKind::add, .inputs = {ab, c}});
  }

  const ExemplarOptions& o_;
  NetBuilder net_;
};

}  // namespace

NetSpec exemplar_fcn(const ExemplarOptions& options) {
  if (options.channels.size() != 5)
    throw Error(Code::usage, fmt::format("found {} widths; expected five, of VGG's blocks", options.channels.size()));
  return Writer(options).write();
}

TensorFile split_mix(TensorFile file, int context) {
  const Tensor mix = file.get("mix.weight", {-1, 2 * context + 3, 1, 1});
  const auto part = [&](int from, int count) {
    Tensor t{{mix.shape[0], count, 1, 1}, {}};
    for (std::int64_t row = 0; row < mix.shape[0]; ++row) {
      const auto start = mix.values.begin() + row * mix.shape[1] + from;
      t.values.insert(t.values.end(), start, start + count);
    }
    return t;
  };
  file.tensors["mix.small.weight"] = part(0, context);
  file.tensors["mix.large.weight"] = part(context, context);
  file.tensors["mix.lab.weight"] = part(2 * context, 3);
  file.tensors["mix.lab.bias"] = file.get("mix.bias", {mix.shape[0]});
  file.tensors.erase("mix.weight");
  file.tensors.erase("mix.bias");
  return file;
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

}  // namespace sfumato
