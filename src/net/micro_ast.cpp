// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <utility>

#include "net/net_builder.h"

namespace sfumato {
namespace {

class MicroAstBuilder {
 public:
  MicroAstBuilder() : net_("micro_ast", {{.name = "content"}, {.name = "style"}}) {}

  NetSpec build() {
    const Features content = encode("content"), style = encode("style");
    std::string value = to_style(content.deep, style.deep, "deep");
    value = modulated_residual(value, "decoder.dec1", modulator(style.deep, "2"));
    value = to_style(value, style.shallow, "shallow");
    value = modulated_residual(value, "decoder.dec2", modulator(style.shallow, "1"));
    value = up(value, "decoder.dec3", 1, 32);
    value = up(value, "decoder.dec3", 6, 16);
    return net_.finish({conv(value, "decoder.dec3.10", 3, 9)});
  }

 private:
  struct Features {
    std::string shallow, deep;
  };
  struct Signals {
    std::string weight, bias;
  };

  std::string conv(const std::string& input, const std::string& name, int channels, int kernel, int stride = 1,
                   int groups = 1) {
    return net_.add({.name = name,
                     .kind = NodeKind::conv,
                     .inputs = {input},
                     .parameters = name + ".conv_layer",
                     .channels = channels,
                     .kernel = kernel,
                     .stride = stride,
                     .pad = kernel / 2,
                     .pad_mode = PadMode::reflect,
                     .groups = groups});
  }
  std::string relu(const std::string& input) {
    return net_.add({.name = input + ".relu", .kind = NodeKind::relu, .inputs = {input}});
  }
  std::string combine(NodeKind kind, const std::string& name, const std::string& a, const std::string& b) {
    return net_.add({.name = name, .kind = kind, .inputs = {a, b}});
  }

  std::string residual(const std::string& input, const std::string& name) {
    const std::string inner = relu(conv(input, name + ".conv1", 64, 3));
    return combine(NodeKind::add, name, conv(inner, name + ".conv2", 64, 3), input);
  }

  Features encode(const std::string& image) {
    std::string value = relu(conv(image, image + ".enc1.0", 16, 9));
    value = relu(conv(value, image + ".enc1.2", 32, 3, 2, 16));
    value = relu(conv(value, image + ".enc1.4", 32, 1));
    value = relu(conv(value, image + ".enc1.6", 64, 3, 2, 32));
    value = relu(conv(value, image + ".enc1.8", 64, 1));
    const std::string shallow = residual(value, image + ".enc1.10");
    return {shallow, residual(shallow, image + ".enc2.0")};
  }

  // Mean and deviation of each channel become the style's.
  std::string to_style(const std::string& content, const std::string& style, const std::string& name) {
    const std::string plain =
        net_.add({.name = name + ".norm", .kind = NodeKind::instance_norm, .inputs = {content}, .affine = false});
    const std::string deviation =
        net_.add({.name = name + ".deviation", .kind = NodeKind::global_deviation, .inputs = {style}});
    const std::string mean =
        net_.add({.name = name + ".mean", .kind = NodeKind::global_average_pool, .inputs = {style}});
    return combine(NodeKind::add, name, combine(NodeKind::mul, name + ".scaled", plain, deviation), mean);
  }

  Signals modulator(const std::string& style, const std::string& level) {
    const auto signal = [&](const char* kind) {
      const std::string name = fmt::format("modulator.{}{}.0", kind, level);
      return net_.add(
          {.name = name + ".mean", .kind = NodeKind::global_average_pool, .inputs = {conv(style, name, 64, 3, 1, 64)}});
    };
    const std::string weight = signal("weight");
    return {weight, signal("bias")};
  }

  // [Wang2023] sec. 3.3: a filter's output is weighed, and its input added, by two signals of the style.
  std::string modulated(const std::string& input, const std::string& name, const Signals& signals) {
    const std::string filtered = combine(NodeKind::mul, name + ".weighed", conv(input, name, 64, 3), signals.weight);
    return combine(NodeKind::add, name + ".modulated", filtered,
                   combine(NodeKind::mul, name + ".kept", input, signals.bias));
  }
  std::string modulated_residual(const std::string& input, const std::string& name, const Signals& signals) {
    const std::string inner = relu(modulated(input, name + ".conv1", signals));
    return combine(NodeKind::add, name, modulated(inner, name + ".conv2", signals), input);
  }

  std::string up(const std::string& input, const std::string& name, int index, int channels) {
    const std::string larger = net_.add(
        {.name = fmt::format("{}.{}", name, index - 1), .kind = NodeKind::resize, .inputs = {input}, .factor = 2});
    const std::string narrow = relu(conv(larger, fmt::format("{}.{}", name, index), channels, 3, 1, channels));
    return relu(conv(narrow, fmt::format("{}.{}", name, index + 2), channels, 1));
  }

  NetBuilder net_;
};

}  // namespace

NetSpec micro_ast() { return MicroAstBuilder().build(); }

TensorFile from_micro_ast(MicroAstFiles files) {
  TensorFile ours;
  for (auto& [prefix, file] : {std::pair<const char*, TensorFile*>{"content.", &files.content_encoder},
                               {"style.", &files.style_encoder},
                               {"modulator.", &files.modulator},
                               {"decoder.", &files.decoder}})
    for (auto& [name, tensor] : file->tensors) ours.tensors[prefix + name] = std::move(tensor);
  return ours;
}

}  // namespace sfumato
