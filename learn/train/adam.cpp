// SPDX-License-Identifier: Apache-2.0
#include "train/adam.h"

#include <cmath>

namespace sfumato {

void Adam::step(double rate_share) {
  torch::NoGradGuard no_grad;
  ++steps_;
  const double rate = options_.rate * rate_share;
  const double unbias1 = 1.0 - std::pow(options_.beta1, static_cast<double>(steps_));
  const double unbias2 = 1.0 - std::pow(options_.beta2, static_cast<double>(steps_));
  for (auto& [name, p] : parameters_) {
    if (!p.grad().defined()) continue;
    torch::Tensor &m = first_[name], &v = second_[name];
    if (!m.defined()) m = torch::zeros_like(p), v = torch::zeros_like(p);
    m.mul_(options_.beta1).add_(p.grad(), 1.0 - options_.beta1);
    v.mul_(options_.beta2).addcmul_(p.grad(), p.grad(), 1.0 - options_.beta2);
    if (p.dim() > 1) p.mul_(1.0 - rate * options_.decay);
    p.addcdiv_(m, (v / unbias2).sqrt_().add_(options_.epsilon), -rate / unbias1);
    p.mutable_grad() = torch::Tensor();
  }
}

NamedTensors Adam::state() const {
  NamedTensors all{{"steps", torch::tensor({static_cast<double>(steps_)})}};
  for (const auto& [name, t] : first_) all["first." + name] = t;
  for (const auto& [name, t] : second_) all["second." + name] = t;
  return all;
}

void Adam::set_state(const NamedTensors& state) {
  steps_ = static_cast<std::int64_t>(state.at("steps").item<double>());
  for (const auto& [name, p] : parameters_) {
    if (!state.count("first." + name)) continue;
    first_[name] = state.at("first." + name).to(p.device()).clone();
    second_[name] = state.at("second." + name).to(p.device()).clone();
  }
}

}  // namespace sfumato
