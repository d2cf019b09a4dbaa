// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "net/exemplar.h"
#include "net/net_builder.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

class Writer {
 public:
  explicit Writer(const ExemplarOptions& o) : o_(o), net_("exemplar_fcn", inputs_of(o)) {}

  NetSpec write() {
    const std::string small = add_context("image", "small.");
    net_.add(
        {.name = "twice", .kind = NodeKind::resize, .inputs = {"image"}, .factor = 2, .mode = ResizeMode::bilinear});
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
  static std::vector<NetInput> inputs_of(const ExemplarOptions& o) {
    std::vector<NetInput> all{{.name = "image", .height = o.image, .width = o.image}, {.name = "lab"}};
    if (o.features) all.push_back({.name = "features", .channels = o.features});
    return all;
  }

  std::string add_context(const std::string& input, const std::string& scale) {
    const NetSpec& context = o_.context;
    for (Node node : context.nodes) {
      node.parameters = node.prefix();
      node.name = scale + node.name;
      for (std::string& from : node.inputs) from = from == context.inputs[0].name ? input : scale + from;
      net_.add(std::move(node));
    }
    std::string output = scale + context.outputs[0];
    if (o_.context_mean.empty()) return output;
    Node even{.name = scale + "even", .kind = NodeKind::scale_shift, .inputs = {output}};
    for (std::size_t c = 0; c < o_.context_mean.size(); ++c) {
      even.scale.push_back(1 / o_.context_spread[c]);
      even.shift.push_back(-o_.context_mean[c] / o_.context_spread[c]);
    }
    return net_.add(std::move(even));
  }

  std::string full_size(const std::string& what, const std::string& name) {
    return net_.add({.name = name, .kind = NodeKind::resize, .inputs = {what, "lab"}, .mode = ResizeMode::bilinear});
  }

  void mix_features(const std::string& small, const std::string& large) {
    std::vector<std::string> parts{full_size(small, "small_full"), full_size(large, "large_full"), "lab"};
    if (o_.features) parts.push_back(full_size("features", "features_full"));
    net_.add({.name = "mixed_features", .kind = NodeKind::concat, .inputs = parts});
    net_.add({.name = "mix", .kind = NodeKind::conv, .channels = o_.hidden});
  }

  void mix_projections(const std::string& small, const std::string& large) {
    const auto projected = [&](const std::string& from, const std::string& name) {
      net_.add({.name = "mix." + name, .kind = NodeKind::conv, .inputs = {from}, .channels = o_.hidden, .bias = false});
      return full_size(net_.last(), name + "_full");
    };
    const auto added = [&](const std::string& name, const std::string& a, const std::string& b) {
      return net_.add({.name = name, .kind = NodeKind::add, .inputs = {a, b}});
    };
    const std::string a = projected(small, "small"), b = projected(large, "large");
    const std::string c =
        net_.add({.name = "mix.lab", .kind = NodeKind::conv, .inputs = {"lab"}, .channels = o_.hidden});
    std::string context = added("context", a, b);
    if (o_.features) context = added("described", context, projected("features", "features"));
    added("mixed", context, c);
  }

  const ExemplarOptions& o_;
  NetBuilder net_;
};

}  // namespace

NetSpec exemplar_fcn(const ExemplarOptions& options) {
  if (options.context.inputs.size() != 1 || options.context.outputs.size() != 1)
    throw Error(Code::usage, fmt::format("found a context of {} inputs and {} outputs; expected one of each",
                                         options.context.inputs.size(), options.context.outputs.size()));
  return Writer(options).write();
}

TensorFile split_mix(TensorFile file, int context) {
  const Tensor mix = file.get("mix.weight", {-1, -1, 1, 1});
  const auto part = [&](std::int64_t from, std::int64_t count) {
    Tensor t{{mix.shape[0], count, 1, 1}, {}};
    for (std::int64_t row = 0; row < mix.shape[0]; ++row) {
      const auto start = mix.values.begin() + row * mix.shape[1] + from;
      t.values.insert(t.values.end(), start, start + count);
    }
    return t;
  };
  const std::int64_t known = 2 * context + 3, features = mix.shape[1] - known;
  file.tensors["mix.small.weight"] = part(0, context);
  file.tensors["mix.large.weight"] = part(context, context);
  file.tensors["mix.lab.weight"] = part(2 * context, 3);
  file.tensors["mix.lab.bias"] = file.get("mix.bias", {mix.shape[0]});
  if (features > 0) file.tensors["mix.features.weight"] = part(known, features);
  file.tensors.erase("mix.weight");
  file.tensors.erase("mix.bias");
  return file;
}

}  // namespace sfumato
