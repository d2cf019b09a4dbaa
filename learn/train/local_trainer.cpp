// SPDX-License-Identifier: Apache-2.0
#include "train/local_trainer.h"

#include <torch/torch.h>

#include <cmath>

#include "base/random.h"
#include "sfumato/error.h"
#include "train/adam.h"

namespace sfumato {
namespace {

constexpr int map_count = 3;

torch::Tensor stacked(const std::vector<const LocalSample*>& samples, std::vector<float> LocalSample::*part, int side) {
  std::vector<torch::Tensor> all;
  for (const LocalSample* s : samples) {
    const auto& v = s->*part;
    all.push_back(torch::tensor(v).view({-1, side, side}));
  }
  return torch::stack(all);
}

Tensor kernel_of(const torch::Tensor& t) {
  const torch::Tensor flat = t.detach().contiguous();
  Tensor out{flat.sizes().vec(), {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()}};
  if (out.shape.size() == 2) out.shape.insert(out.shape.end(), {1, 1});
  return out;
}

class LocalTrainer {
 public:
  LocalTrainer(const std::vector<const LocalSample*>& samples, int side, const LocalTrainOptions& o)
      : o_(o),
        features_(stacked(samples, &LocalSample::features, side)),
        before_(stacked(samples, &LocalSample::before, side)),
        after_(stacked(samples, &LocalSample::after, side)) {
    torch::manual_seed(static_cast<std::int64_t>(o.seed));
    const std::int64_t channels = features_.size(1);
    add_layer("0", o.hidden, channels);
    add_layer("2", o.hidden, o.hidden);
    add_layer("4", map_count, o.hidden);
    parameters_["4.weight"].data().zero_();
    add("transforms", 0.02 * torch::randn({map_count, 3, 10}));
  }

  LocalTrained run(const std::function<bool(double)>& progress) {
    Adam adam(parameters_, {.rate = o_.rate, .decay = o_.decay});
    LocalTrained result;
    int counted = 0;
    for (int step = 0; step < o_.steps; ++step) {
      const torch::Tensor loss = loss_of(step);
      loss.backward();
      adam.step(rate_share(static_cast<double>(step) / o_.steps));
      if (step * 10 >= o_.steps * 9) result.loss += loss.item<double>(), ++counted;
      if (progress && !progress(static_cast<double>(step + 1) / o_.steps))
        throw Error(Code::stopped, "stopped while training local maps");
    }
    result.loss /= std::max(counted, 1);
    for (const auto& [name, t] : parameters_)
      if (name == "transforms")
        result.transforms = kernel_of(t).values;
      else
        result.head.tensors[name] = kernel_of(t);
    return result;
  }

 private:
  void add(const std::string& name, const torch::Tensor& start) {
    parameters_[name] = start.detach().clone().requires_grad_(true);
  }
  void add_layer(const std::string& name, std::int64_t to, std::int64_t from) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(from));
    add(name + ".weight", (2 * torch::rand({to, from}) - 1) * bound);
    add(name + ".bias", (2 * torch::rand({to}) - 1) * bound);
  }

  // Up in the first tenth, then down along a cosine.
  static double rate_share(double t) {
    constexpr double pi = 3.14159265358979323846, rise = 0.1;
    if (t < rise) return 0.04 + 0.96 * t / rise;
    return 0.5 * (1 + std::cos(pi * (t - rise) / (1 - rise)));
  }

  // [n, channels, cells] through a layer of the head.
  torch::Tensor layer(const std::string& name, const torch::Tensor& x) const {
    return torch::matmul(parameters_.at(name + ".weight"), x) + parameters_.at(name + ".bias").unsqueeze(1);
  }
  // Whole channels of a photo, so that no single observation decides.
  torch::Tensor dropped(const torch::Tensor& x, double share) const {
    const torch::Tensor kept = torch::rand({x.size(0), x.size(1), 1}).ge(share).to(x.dtype());
    return x * kept / (1 - share);
  }

  // Every second cell of every second row of a few photos.
  torch::Tensor loss_of(int step) {
    using torch::indexing::None;
    using torch::indexing::Slice;
    const std::int64_t count = features_.size(0), batch = std::min<std::int64_t>(o_.batch, count);
    const torch::Tensor chosen = torch::randperm(count).slice(0, 0, batch);
    const auto bit = [&](int i) { return static_cast<std::int64_t>(random_bits(o_.seed, 4u * step + i) & 1u); };
    const auto part = [&](const torch::Tensor& all) {
      torch::Tensor x =
          all.index_select(0, chosen).index({Slice(), Slice(), Slice(bit(0), None, 2), Slice(bit(1), None, 2)});
      return x.flatten(2);
    };
    torch::Tensor x = dropped(part(features_), 0.1);
    x = dropped(torch::relu(layer("0", x)), o_.dropout);
    x = dropped(torch::relu(layer("2", x)), o_.dropout);
    const torch::Tensor maps = torch::softmax(layer("4", x), 1);
    const torch::Tensor colors = transformed(part(before_), maps, parameters_.at("transforms"));
    const torch::Tensor lab = torch::tensor({100.0f, 128.0f, 128.0f}).view({1, 3, 1});
    return ((colors - part(after_)) * lab).pow(2).sum(1).add(1e-4).sqrt().mean();
  }

  LocalTrainOptions o_;
  torch::Tensor features_, before_, after_;  // [n, channels, side, side]
  NamedTensors parameters_;
};

}  // namespace

torch::Tensor transformed(torch::Tensor c, const torch::Tensor& maps, const torch::Tensor& transforms) {
  for (std::int64_t k = 0; k < transforms.size(0); ++k) {
    const torch::Tensor l = c.select(1, 0), a = c.select(1, 1), b = c.select(1, 2);
    const torch::Tensor basis =
        torch::stack({l * l, a * a, b * b, l * a, l * b, a * b, l, a, b, torch::ones_like(l)}, 1);
    c = c + torch::matmul(transforms.select(0, k), basis) * maps.select(1, k).unsqueeze(1);
  }
  return c;
}

LocalTrained train_local(const std::vector<const LocalSample*>& samples, int side, const LocalTrainOptions& options,
                         const std::function<bool(double)>& progress) {
  if (options.threads > 0) at::set_num_threads(options.threads);
  return LocalTrainer(samples, side, options).run(progress);
}

}  // namespace sfumato
