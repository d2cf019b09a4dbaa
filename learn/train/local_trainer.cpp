// SPDX-License-Identifier: Apache-2.0
#include "train/local_trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include <cmath>

#include "base/random.h"
#include "net/nets.h"
#include "sfumato/error.h"
#include "tensor/device.h"
#include "tensor/lookups.h"
#include "tensor/net.h"
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

std::vector<float> list_of(const torch::Tensor& t) { return to_file_tensor(t).values; }

class LocalTrainer {
 public:
  LocalTrainer(const std::vector<const LocalSample*>& samples, int side, const LocalTrainOptions& o)
      : o_(o),
        side_(side),
        random_(at::make_generator<at::CPUGeneratorImpl>(o.seed)),
        features_(stacked(samples, &LocalSample::features, side)),
        luma_(stacked(samples, &LocalSample::luma, side)),
        before_(stacked(samples, &LocalSample::before, side)),
        after_(stacked(samples, &LocalSample::after, side)),
        net_(local_head(o.net, static_cast<int>(features_.size(1)), o.hidden), o.seed),
        trained_(net_.parameters()) {
    // Smaller than usual: features that matter little for all photos together shall start by mattering little.
    for (auto& [name, t] : trained_) t.data().mul_(1 / std::sqrt(6.0));
    trained_.at(net_.spec().nodes.back().prefix() + ".weight").data().zero_();
    dropped_["features"] = 0.1;
    for (const Node& node : net_.spec().nodes)
      if (node.kind == NodeKind::relu) dropped_[node.name] = o.dropout;
    // What tells the transforms apart at first.
    const torch::Tensor noise = 0.02 * torch::randn({map_count, 3, 10}, random_);
    add("transforms", o.start.empty() ? noise : noise + torch::tensor(o.start).view({1, 3, 10}));
    if (o.net == LocalNet::grid) add("guide", torch::zeros({local_grid_depth}));
  }

  LocalTrained run(const std::function<bool(double)>& progress) {
    Adam adam(trained_, {.rate = o_.rate, .decay = o_.decay});
    LocalTrained result;
    int counted = 0;
    for (int step = 0; step < o_.steps; ++step) {
      const torch::Tensor loss = loss_of(step);
      loss.backward();
      adam.step(rising_and_falling(static_cast<double>(step) / o_.steps));
      if (step * 10 >= o_.steps * 9) result.loss += loss.item<double>(), ++counted;
      if (progress && !progress(static_cast<double>(step + 1) / o_.steps))
        throw Error(Code::stopped, "stopped while training local maps");
    }
    result.loss /= std::max(counted, 1);
    result.head = net_.file();
    result.transforms = list_of(trained_.at("transforms"));
    if (o_.net == LocalNet::grid) result.guide = list_of(guide());
    return result;
  }

 private:
  void add(const std::string& name, const torch::Tensor& start) {
    trained_[name] = start.detach().clone().requires_grad_(true);
  }

  // A rising curve from 0 to 1: its heights above evenly spread lumas.
  torch::Tensor guide() const {
    return torch::cat({torch::zeros(1), torch::softmax(trained_.at("guide"), 0).cumsum(0)});
  }

  // Places of the cells that a step's loss sees: every second of every second row.
  struct Part {
    std::int64_t x, y;
    torch::Tensor of(const torch::Tensor& all) const {
      using torch::indexing::None;
      using torch::indexing::Slice;
      return all.index({Slice(), Slice(), Slice(y, None, 2), Slice(x, None, 2)});
    }
  };

  // [n, 3, cells of the part] that add up to 1.
  torch::Tensor maps_of(const torch::Tensor& photos, const Part& part) const {
    const TensorNet::Dropout dropout{dropped_, random_};
    const auto logits = [&](const torch::Tensor& features) {
      return net_({{"features", features}}, torch::kFloat, &dropout).at("logits");
    };
    const torch::Tensor features = features_.index_select(0, photos);
    switch (o_.net) {
      case LocalNet::cells:
        return torch::softmax(logits(part.of(features)).flatten(2), 1);
      case LocalNet::unet:
        return torch::softmax(part.of(logits(features)).flatten(2), 1);
      case LocalNet::grid:
        break;
    }
    const torch::Tensor grid = logits(features);
    const torch::Tensor center = (torch::arange(side_) + 0.5) / side_;
    const auto place = [&](const torch::Tensor& p) {
      return part.of(p.expand({grid.size(0), 1, side_, side_})).flatten(1).contiguous();
    };
    const torch::Tensor at = part.of(luma_.index_select(0, photos)).flatten(1) * local_grid_depth;
    const torch::Tensor low = at.floor().clamp(0, local_grid_depth - 1);
    const torch::Tensor curve = guide(), below = curve.index({low.to(torch::kLong)}),
                        above = curve.index({low.to(torch::kLong) + 1});
    const torch::Tensor z = below + (above - below) * (at - low);
    return torch::softmax(slice_grid(grid.view({grid.size(0), map_count, local_grid_depth, grid.size(2), grid.size(3)}),
                                     place(center.view({1, side_})), place(center.view({side_, 1})), z),
                          1);
  }

  torch::Tensor loss_of(int step) {
    const std::int64_t count = features_.size(0), batch = std::min<std::int64_t>(o_.batch, count);
    const torch::Tensor chosen = torch::randperm(count, random_).slice(0, 0, batch);
    const auto bit = [&](int i) { return static_cast<std::int64_t>(random_bits(o_.seed, 4u * step + i) & 1u); };
    const Part part{bit(1), bit(0)};
    const auto colors = [&](const torch::Tensor& all) { return part.of(all.index_select(0, chosen)).flatten(2); };
    const torch::Tensor result = transformed(colors(before_), maps_of(chosen, part), trained_.at("transforms"));
    const torch::Tensor lab = torch::tensor({100.0f, 128.0f, 128.0f}).view({1, 3, 1});
    return ((result - colors(after_)) * lab).pow(2).sum(1).add(1e-4).sqrt().mean();
  }

  const LocalTrainOptions o_;
  const std::int64_t side_;
  const torch::Generator random_;
  torch::Tensor features_, luma_, before_, after_;
  TensorNet net_;
  std::map<std::string, double> dropped_;
  NamedTensors trained_;  // the net's, the transforms, the guide
};

}  // namespace

torch::Tensor transformed(torch::Tensor c, const torch::Tensor& maps, const torch::Tensor& transforms) {
  for (std::int64_t k = 0; k < transforms.size(0); ++k) {
    c = c + torch::matmul(transforms.select(0, k), quadratic_basis(c)) * maps.select(1, k).unsqueeze(1);
  }
  return c;
}

torch::Tensor quadratic_basis(const torch::Tensor& c) {
  const torch::Tensor l = c.select(1, 0), a = c.select(1, 1), b = c.select(1, 2);
  return torch::stack({l * l, a * a, b * b, l * a, l * b, a * b, l, a, b, torch::ones_like(l)}, 1);
}

double rising_and_falling(double t) {
  constexpr double pi = 3.14159265358979323846, rise = 0.1;
  if (t < rise) return 0.04 + 0.96 * t / rise;
  return 0.5 * (1 + std::cos(pi * (t - rise) / (1 - rise)));
}

LocalTrained train_local(const std::vector<const LocalSample*>& samples, int side, const LocalTrainOptions& options,
                         const std::function<bool(double)>& progress) {
  prepare_cpu(options.threads);
  return LocalTrainer(samples, side, options).run(progress);
}

}  // namespace sfumato
