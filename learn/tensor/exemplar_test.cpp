// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "net/exemplar.h"
#include "tensor/net.h"

namespace sfumato {
namespace {

constexpr int context = 6, hidden = 4;

ExemplarOptions small_net(bool direct) {
  return {.context = vgg_context({.channels = {3, 4, 4, 4, 4}, .context = context, .conv6_kernel = 3}),
          .hidden = hidden,
          .direct = direct};
}

// Through the squared loss in Lab of what the transforms make of the colors, as the network is trained.
torch::Tensor loss_of(const TensorNet& net, const torch::Tensor& image, const torch::Tensor& lab) {
  const torch::Tensor t = net({{"image", image}, {"lab", lab}}).at("transform");
  const torch::Tensor l = lab.select(1, 0), a = lab.select(1, 1), b = lab.select(1, 2);
  const torch::Tensor basis = torch::stack({l * l, a * a, b * b, l * a, l * b, a * b, l, a, b, torch::ones_like(l)}, 1);
  const torch::Tensor out = (t.view({1, 3, 10, t.size(2), t.size(3)}) * basis.unsqueeze(1)).sum(2);
  return (out - 0.5 * lab).pow(2).sum();
}

TEST(ExemplarNet, HasTheGradientsOfTheDirectFormInBothForms) {
  torch::manual_seed(5);
  const torch::Tensor image = torch::rand({1, 3, 64, 48}), lab = torch::rand({1, 3, 64, 48});
  const TensorNet direct(exemplar_fcn(small_net(true)), 7);
  const TensorNet quick(exemplar_fcn(small_net(false)), split_mix(direct.file(), context));
  loss_of(direct, image, lab).backward();
  loss_of(quick, image, lab).backward();
  const auto near = [](const torch::Tensor& a, const torch::Tensor& b) {
    return (a - b).abs().max().item<double>() <= 1e-4 * (1e-6 + a.abs().max().item<double>());
  };
  const torch::Tensor mix = direct.parameters().at("mix.weight").grad();
  EXPECT_GT(mix.abs().max().item<double>(), 0);
  EXPECT_TRUE(near(mix.slice(1, 0, context), quick.parameters().at("mix.small.weight").grad()));
  EXPECT_TRUE(near(mix.slice(1, context, 2 * context), quick.parameters().at("mix.large.weight").grad()));
  EXPECT_TRUE(near(mix.slice(1, 2 * context), quick.parameters().at("mix.lab.weight").grad()));
  // Both scales add to the gradient of what they share.
  for (const char* name : {"features.0.weight", "features.28.weight", "classifier.0.weight"})
    EXPECT_TRUE(near(direct.parameters().at(name).grad(), quick.parameters().at(name).grad())) << name;
}

}  // namespace
}  // namespace sfumato
