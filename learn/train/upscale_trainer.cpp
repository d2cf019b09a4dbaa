// SPDX-License-Identifier: Apache-2.0
#include "train/upscale_trainer.h"

#include <fmt/format.h>

#include <optional>
#include <random>

#include "losses/perceptual.h"
#include "sfumato/error.h"
#include "tensor/device.h"
#include "tensor/net.h"

namespace sfumato {
namespace {

torch::Tensor luma_bytes(const Planes& photo) {
  const Plane luma = luma_of(photo);
  return (torch::from_blob(const_cast<float*>(luma.values.data()), {luma.height, luma.width}, torch::kFloat) * 255)
      .round()
      .clamp(0, 255)
      .to(torch::kByte);
}

// Crops of any photo, turned and mirrored. [B, 1, crop, crop]
torch::Tensor draw(const std::vector<torch::Tensor>& photos, const UpscaleTrainOptions& o, std::mt19937_64& random) {
  std::vector<torch::Tensor> crops;
  for (int b = 0; b < o.batch; ++b) {
    const torch::Tensor& photo = photos[random() % photos.size()];
    const auto at = [&](int axis) { return static_cast<std::int64_t>(random() % (photo.size(axis) - o.crop + 1)); };
    const std::int64_t y = at(0), x = at(1);
    torch::Tensor crop = photo.slice(0, y, y + o.crop).slice(1, x, x + o.crop);
    const std::uint64_t turn = random();
    if (turn & 1) crop = crop.flip(0);
    if (turn & 2) crop = crop.flip(1);
    if (turn & 4) crop = crop.t();
    crops.push_back(crop.to(torch::kFloat) / 255);
  }
  return torch::stack(crops).unsqueeze(1);
}

}  // namespace

NetTrained train_upscaler(const std::vector<Planes>& photos, const UpscaleTrainOptions& o,
                          const NetTrainProgress& progress) {
  prepare_cpu(o.threads);
  if (o.crop % o.net.factor != 0)
    throw Error(Code::usage, fmt::format("found crops of {}; expected a multiple of {}", o.crop, o.net.factor));
  const torch::Device device = device_of(o.device);
  std::vector<torch::Tensor> lumas;
  for (const Planes& p : photos) lumas.push_back(luma_bytes(p));
  TensorNet net(upscaler(o.net), o.seed);
  net.set({{"out.weight", torch::zeros_like(net.parameters().at("out.weight"))}});
  net.to(device);
  Adam adam(net.parameters(), {o.rate, 0.9, 0.999, 1e-8, 0});
  std::optional<PerceptualLoss> features;
  if (!o.weights.empty()) features.emplace(o.weights), features->to(device);
  std::mt19937_64 random(o.seed);
  NetTrained trained{net.spec(), {}, {}, {}};
  const std::int64_t small = o.crop / o.net.factor;
  for (int step = 0; step < o.steps; ++step) {
    const torch::Tensor large = draw(lumas, o, random).to(device);
    const torch::Tensor reduced = torch::_upsample_bicubic2d_aa(large, {small, small}, false).clamp(0, 1);
    const torch::Tensor made = net({{"luma", reduced}}).at("enlarged"), pixels = (made - large).abs().mean();
    const auto gray = [](const torch::Tensor& luma) { return luma.expand({-1, 3, -1, -1}); };
    const torch::Tensor seen = features ? (*features)(gray(made), gray(large)) : torch::zeros({}, device);
    const torch::Tensor loss = pixels + o.perceptual_weight * seen;
    loss.backward();
    adam.step(0.01 + 0.99 * 0.5 * (1 + std::cos(M_PI * step / o.steps)));
    trained.history.push_back({step + 1, loss.item<double>(), pixels.item<double>(), seen.item<double>(), 0});
    if (progress && !progress(trained.history.back(), o.steps))
      throw Error(Code::stopped, fmt::format("stopped at step {} of {}", step + 1, o.steps));
  }
  trained.weights = net.file();
  return trained;
}

}  // namespace sfumato
