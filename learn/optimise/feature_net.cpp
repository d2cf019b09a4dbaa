// SPDX-License-Identifier: Apache-2.0
#include "optimise/feature_net.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "files/pth_file.h"
#include "optimise/tiled_features.h"
#include "sfumato/error.h"
#include "tensor/device.h"

namespace sfumato {
namespace {

struct Recipe {
  std::vector<std::string> content;  // the first that the weights reach
  std::vector<std::pair<std::string, double>> styles;
  double content_weight;
  bool is_caffe;  // the weights are for activations as large as those of Caffe's VGG
};

// Layers and weights of the methods' authors: [Crowson2021] [Johnson2015] [Gatys2016] [Heitz2021] [Kolkin2019].
Recipe recipe_of(StyleDistance distance) {
  const std::vector<std::string> content{"relu4_2", "relu4_1", "relu3_3", "relu3_2", "relu2_2", "relu1_2"};
  const auto five = [](std::vector<double> weights) {
    std::vector<std::pair<std::string, double>> layers;
    for (std::size_t i = 0; i < weights.size(); ++i) layers.emplace_back(fmt::format("relu{}_1", i + 1), weights[i]);
    return layers;
  };
  const auto all = [](const std::vector<std::string>& names) {
    std::vector<std::pair<std::string, double>> layers;
    for (const std::string& n : names) layers.emplace_back("relu" + n, 1.0 / static_cast<double>(names.size()));
    return layers;
  };
  switch (distance) {
    case StyleDistance::gram:
      return {content, five({100, 100, 100, 100, 100}), 5, true};
    case StyleDistance::paper:
      return {content, five({200, 200, 200, 200, 200}), 1, true};
    case StyleDistance::sliced:
      return {content, all({"1_1", "1_2", "2_1", "2_2", "3_1", "3_2", "3_3", "4_1", "4_2", "4_3"}), 0.015, false};
    case StyleDistance::strotss:
      return {content, all({"1_1", "1_2", "2_1", "2_2", "3_1", "3_2", "3_3", "4_3", "5_3"}), 1, false};
    default: {
      constexpr double sum = 341;
      return {content, five({256 / sum, 64 / sum, 16 / sum, 4 / sum, 1 / sum}), 0.015, false};
    }
  }
}

std::vector<std::string> wanted(const Recipe& recipe) {
  std::vector<std::string> layers = recipe.content;
  for (const auto& [layer, weight] : recipe.styles)
    if (std::find(layers.begin(), layers.end(), layer) == layers.end()) layers.push_back(layer);
  return layers;
}

TensorNet open_net(const NeuralOptions& o, const Recipe& recipe, PixelInput* pixels,
                   std::vector<std::string>* missing) {
  const VggOptions vgg_options{.pool = o.pool, .first_pad = PadMode::reflect};
  if (o.weights.empty()) {
    // Random kernels mix what they see ever more: four blocks know textures, deeper ones nothing.
    TensorNet net(up_to(vgg(vgg_options), {"relu1_1", "relu2_1", "relu3_1", "relu4_1"}), o.seed);
    net.make_orthogonal();
    *pixels = PixelInput::torchvision;
    return net;
  }
  const TensorFile file = read_weights(o.weights);
  VggFile found = vgg_of(file, wanted(recipe), o.weights, vgg_options);
  *pixels = found.pixels;
  *missing = std::move(found.missing);
  return TensorNet(found.net, file);
}

}  // namespace

FeatureNet::FeatureNet(const NeuralOptions& o, torch::Device device,
                       const std::function<void(const std::string&)>& warn)
    : largest_whole_(o.largest_whole), tile_(o.tile) {
  const Recipe recipe = recipe_of(o.distance);
  PixelInput pixels;
  std::vector<std::string> missing;
  const TensorNet whole = open_net(o, recipe, &pixels, &missing);
  const auto has = [&](const std::string& layer) {
    const auto& outputs = whole.spec().outputs;
    return std::find(outputs.begin(), outputs.end(), layer) != outputs.end();
  };
  plan_ = {o.distance, {}, {}, o.content_weight.value_or(recipe.content_weight), o.seed};
  std::vector<std::string> used;
  for (const std::string& layer : recipe.content)
    if (plan_.content_layer.empty() && has(layer)) used.push_back(plan_.content_layer = layer);
  for (const auto& layer : recipe.styles)
    if (has(layer.first)) plan_.style_layers.push_back(layer), used.push_back(layer.first);
  if (plan_.style_layers.empty())
    throw Error(
        Code::look,
        fmt::format("found none of the layers {}; expected a VGG with some of them", fmt::join(wanted(recipe), ", ")),
        o.weights);
  if (o.weights.empty())
    warn("no weights given: textures come from random kernels, which know no things; --weights FILE takes a VGG");
  else if (!missing.empty())
    warn(fmt::format("{} has no {}; content is compared at {}, style at {} layers", o.weights, fmt::join(missing, ", "),
                     plan_.content_layer, plan_.style_layers.size()));
  net_ = whole.cut(used);
  if (pixels == PixelInput::caffe && !recipe.is_caffe) magnitude_ = 1 / caffe_magnitude;
  if (pixels == PixelInput::torchvision && recipe.is_caffe) magnitude_ = caffe_magnitude;
  compute_ = fastest_type(device, o.exact);
  net_->to(device);
  net_->freeze(compute_);
}

Features FeatureNet::operator()(const torch::Tensor& picture) const {
  if (picture.size(2) * picture.size(3) <= largest_whole_) return seen_whole(picture);
  return features_in_tiles([this](const torch::Tensor& part) { return seen_whole(part); }, net_->spec(), picture,
                           tile_);
}

Features FeatureNet::seen_whole(const torch::Tensor& picture) const {
  Features features = (*net_)({{"image", picture.contiguous(torch::MemoryFormat::ChannelsLast)}}, compute_);
  for (auto& [layer, f] : features) {
    const auto scale = scales_.find(layer);
    const double times = scale == scales_.end() ? magnitude_ : scale->second;
    if (times != 1) f = f * times;
  }
  return features;
}

Features FeatureNet::normalized(const torch::Tensor& style) {
  scales_.clear();
  Features features = (*this)(style);
  for (auto& [layer, f] : features) {
    const double scale = 1 / f.square().mean().sqrt().item<double>();
    scales_[layer] = magnitude_ * scale;
    f = f * scale;
  }
  return features;
}

}  // namespace sfumato
