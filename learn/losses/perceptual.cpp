// SPDX-License-Identifier: Apache-2.0
#include "losses/perceptual.h"

#include "files/pth_file.h"
#include "net/nets.h"

namespace sfumato {
namespace {

// Three octaves of edges and textures.
TensorNet seeded_features() {
  NetSpec net{.name = "seeded_features", .inputs = {{.name = "image"}}};
  const int channels[3]{16, 32, 64};
  std::string last = "image";
  for (int i = 0; i < 3; ++i) {
    const std::string conv = "conv" + std::to_string(i + 1), relu = "relu" + std::to_string(i + 1);
    net.nodes.push_back({.name = conv,
                         .kind = NodeKind::conv,
                         .inputs = {last},
                         .channels = channels[i],
                         .kernel = 3,
                         .stride = i == 0 ? 1 : 2,
                         .pad = 1,
                         .pad_mode = PadMode::reflect,
                         .bias = false});
    net.nodes.push_back({.name = relu, .kind = NodeKind::leaky_relu, .inputs = {conv}, .slope = 0.2f});
    net.outputs.push_back(last = relu);
  }
  TensorNet features(net, 20);
  features.make_orthogonal();
  return features;
}

TensorNet vgg_features(const std::string& path) {
  const TensorFile file = read_weights(path);
  return TensorNet(vgg_of(file, {"relu1_2", "relu2_2", "relu3_3"}, path).net, file);
}

}  // namespace

PerceptualLoss::PerceptualLoss(const std::string& weights)
    : net_(weights.empty() ? seeded_features() : vgg_features(weights)) {
  net_.freeze();
}

torch::Tensor PerceptualLoss::operator()(const torch::Tensor& a, const torch::Tensor& b) const {
  const std::string& input = net_.spec().inputs[0].name;
  const NamedTensors fa = net_({{input, a}});
  NamedTensors fb;
  {
    torch::NoGradGuard no_grad;
    fb = net_({{input, b}});
  }
  torch::Tensor sum;
  for (const auto& [name, target] : fb) {
    const torch::Tensor part =
        ((fa.at(name) - target).square().mean({1, 2, 3}) / target.square().mean({1, 2, 3}).clamp_min(1e-8)).mean();
    sum = sum.defined() ? sum + part : part;
  }
  return sum / static_cast<double>(fb.size());
}

}  // namespace sfumato
