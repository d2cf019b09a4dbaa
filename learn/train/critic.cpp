// SPDX-License-Identifier: Apache-2.0
#include "train/critic.h"

#include "net/net_builder.h"

namespace sfumato {
namespace {

NetSpec critic_spec() {
  constexpr int channels = 24;
  NetBuilder net("critic", {{.name = "image"}});
  net.add({.name = "pixels", .kind = NodeKind::scale_shift, .scale = {2, 2, 2}, .shift = {-1, -1, -1}});
  const auto add_conv = [&](const std::string& name, int out, int kernel, int stride, bool norm) {
    net.add({.name = name, .kind = NodeKind::conv, .channels = out, .kernel = kernel, .stride = stride, .bias = !norm});
    if (norm) net.add({.name = name + ".norm", .kind = NodeKind::instance_norm});
    net.add({.name = name + ".relu", .kind = NodeKind::leaky_relu, .slope = 0.2f});
  };
  add_conv("conv1", channels, 4, 2, false);
  add_conv("conv2", 2 * channels, 4, 2, true);
  add_conv("conv3", 4 * channels, 3, 1, true);
  return net.finish({net.add({.name = "mark", .kind = NodeKind::conv, .channels = 1, .kernel = 3})});
}

}  // namespace

Critic::Critic(double rate, std::uint64_t seed, torch::Device device, torch::Dtype compute)
    : net_(critic_spec(), seed),
      adam_((net_.to(device), net_.parameters()), {rate, 0.5, 0.9, 1e-8, 0}),
      compute_(compute) {}

torch::Tensor Critic::marks(const torch::Tensor& picture) const {
  return net_({{"image", picture}}, compute_).at("mark");
}

torch::Tensor Critic::learn(const torch::Tensor& made, const torch::Tensor& wanted, double rate_share) {
  const torch::Tensor loss = (1 - marks(wanted)).relu().mean() + (1 + marks(made.detach())).relu().mean();
  loss.backward();
  adam_.step(rate_share);
  return loss.detach();
}

torch::Tensor Critic::judge(const torch::Tensor& made) {
  const auto let_learn = [&](bool on) {
    for (const auto& [name, t] : net_.parameters()) torch::Tensor(t).set_requires_grad(on);
  };
  let_learn(false);
  const torch::Tensor mark = marks(made);
  let_learn(true);
  return -mark.mean();
}

void Critic::set(const NamedTensors& parameters, const NamedTensors& state) {
  net_.set(parameters);
  adam_.set_state(state);
}

}  // namespace sfumato
