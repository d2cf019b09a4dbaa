// SPDX-License-Identifier: Apache-2.0
#include "train/local_trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include <cmath>

#include "base/random.h"
#include "color/lab.h"
#include "color/transfer.h"
#include "net/nets.h"
#include "sfumato/error.h"
#include "tensor/device.h"
#include "tensor/lookups.h"
#include "tensor/net.h"
#include "tensor/ten.h"
#include "train/adam.h"

namespace sfumato {
namespace {

constexpr int map_count = 3;
constexpr int coarse = 9;            // nodes per axis of what is added beside the polynomial
constexpr double smoothness = 50.0;  // of that, in the loss; tried: 5, 50, 500

torch::Tensor stacked(const std::vector<const LocalSample*>& samples, std::vector<float> LocalSample::*part, int side) {
  std::vector<torch::Tensor> all;
  for (const LocalSample* s : samples) {
    const auto& v = s->*part;
    all.push_back(torch::tensor(v).view({-1, side, side}));
  }
  return torch::stack(all);
}

std::vector<float> list_of(const torch::Tensor& t) { return to_file_tensor(t).values; }

// [n, 3, ...] -> r, g, b
std::vector<torch::Tensor> planes_of(const torch::Tensor& colors) { return colors.unbind(1); }

// [n, 3, ...] of encoded colors.
torch::Tensor lab_of(const std::vector<torch::Tensor>& rgb) {
  const Rgb<Ten> lab = linear_to_cielab(srgb_decode(Rgb<Ten>{rgb[0], rgb[1], rgb[2]}));
  return torch::stack({lab.r.t, lab.g.t, lab.b.t}, 1);
}

// [3, b, g, r]
torch::Tensor node_colors(const CubeTable& t) {
  const auto axis = [&](int c) { return torch::arange(t.size) / t.scale[c] + t.low[c]; };
  const std::vector<torch::Tensor> bgr = torch::meshgrid({axis(2), axis(1), axis(0)}, "ij");
  return torch::stack({bgr[2], bgr[1], bgr[0]});
}

class LocalTrainer {
 public:
  LocalTrainer(const std::vector<const LocalSample*>& samples, int side, const LocalTrainOptions& o)
      : o_(o),
        side_(side),
        random_(at::make_generator<at::CPUGeneratorImpl>(o.seed)),
        features_(stacked(samples, &LocalSample::features, side)),
        before_(stacked(samples, &LocalSample::before, side)),
        after_(lab_of(planes_of(stacked(samples, &LocalSample::after, side)))),
        start_(torch::tensor(o.start.nodes).view({o.start.size, o.start.size, o.start.size, 4}).slice(3, 0, 3)),
        basis_(quadratic_basis(node_colors(o.start).flatten(1).unsqueeze(0))[0]),
        net_(local_head(o.net, static_cast<int>(features_.size(1)), o.hidden), o.seed),
        trained_(net_.parameters()) {
    // Smaller than usual: features that matter little for all photos together shall start by mattering little.
    for (auto& [name, t] : trained_) t.data().mul_(1 / std::sqrt(6.0));
    trained_.at(net_.spec().nodes.back().prefix() + ".weight").data().zero_();
    dropped_["features"] = o.features_dropout;
    for (const Node& node : net_.spec().nodes)
      if (node.kind == NodeKind::relu) dropped_[node.name] = o.dropout;
    // What tells the tables apart at first.
    add("polynomials", 0.02 * torch::randn({map_count * 3, 10}, random_));
    add("additions", torch::zeros({map_count * 3 * coarse * coarse * coarse}));
    if (o.net == LocalNet::grid) add("guide", torch::zeros({local_grid_depth}));
  }

  LocalTrained run(const std::function<bool(double)>& progress) {
    // At the full rate all units of the deeper net may fall silent.
    Adam adam(trained_, {.rate = o_.net == LocalNet::unet ? o_.rate / 4 : o_.rate, .decay = o_.decay});
    LocalTrained result;
    int counted = 0;
    for (int step = 0; step < o_.steps; ++step) {
      const torch::Tensor tables = this->tables(), loss = loss_of(step, tables);
      (loss + smoothness * roughness()).backward();
      adam.step(rising_and_falling(static_cast<double>(step) / o_.steps));
      if (step * 10 >= o_.steps * 9) result.loss += loss.item<double>(), ++counted;
      if (progress && !progress(static_cast<double>(step + 1) / o_.steps))
        throw Error(Code::stopped, "stopped while training local maps");
    }
    result.loss /= std::max(counted, 1);
    result.head = net_.file();
    const torch::Tensor tables = this->tables();
    for (int k = 0; k < map_count; ++k) {
      result.tables.push_back(o_.start);
      result.tables.back().nodes = list_of(torch::constant_pad_nd(tables[k], {0, 1}));
    }
    if (o_.net == LocalNet::grid) result.guide = list_of(guide());
    return result;
  }

 private:
  void add(const std::string& name, const torch::Tensor& start) {
    trained_[name] = start.detach().clone().requires_grad_(true);
  }

  torch::Tensor additions() const { return trained_.at("additions").view({map_count, 3, coarse, coarse, coarse}); }

  // [maps, b, g, r, 3]: the nodes of each table.
  torch::Tensor tables() const {
    namespace F = torch::nn::functional;
    const std::int64_t n = o_.start.size;
    const torch::Tensor polynomials = torch::matmul(trained_.at("polynomials"), basis_).view({map_count, 3, n, n, n});
    const torch::Tensor added = F::interpolate(additions(), F::InterpolateFuncOptions()
                                                                .size(std::vector<std::int64_t>{n, n, n})
                                                                .mode(torch::kTrilinear)
                                                                .align_corners(true));
    return start_ + (polynomials + added).permute({0, 2, 3, 4, 1});
  }

  // Mean square of second differences along each axis.
  torch::Tensor roughness() const {
    torch::Tensor sum = torch::zeros({});
    for (int axis = 2; axis < 5; ++axis) sum = sum + additions().diff(2, axis).pow(2).mean();
    return sum;
  }

  // The colors after the tables, each as far as its map [n, 3, cells] says.
  std::vector<torch::Tensor> through(const torch::Tensor& tables, std::vector<torch::Tensor> rgb,
                                     const torch::Tensor& maps) const {
    for (int k = 0; k < map_count; ++k) {
      const std::vector<torch::Tensor> to = tetrahedral({tables[k], &o_.start}, rgb);
      for (int c = 0; c < 3; ++c) rgb[c] = rgb[c] + (to[c] - rgb[c]) * maps.select(1, k);
    }
    return rgb;
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
    const std::vector<torch::Tensor> rgb = planes_of(part.of(before_.index_select(0, photos)));
    const torch::Tensor at = luma(Rgb<Ten>{rgb[0], rgb[1], rgb[2]}).t.flatten(1) * local_grid_depth;
    const torch::Tensor low = at.floor().clamp(0, local_grid_depth - 1);
    const torch::Tensor curve = guide(), below = curve.index({low.to(torch::kLong)}),
                        above = curve.index({low.to(torch::kLong) + 1});
    const torch::Tensor z = below + (above - below) * (at - low);
    return torch::softmax(slice_grid(grid.view({grid.size(0), map_count, local_grid_depth, grid.size(2), grid.size(3)}),
                                     place(center.view({1, side_})), place(center.view({side_, 1})), z),
                          1);
  }

  torch::Tensor loss_of(int step, const torch::Tensor& tables) {
    const std::int64_t count = features_.size(0), batch = std::min<std::int64_t>(o_.batch, count);
    const torch::Tensor chosen = torch::randperm(count, random_).slice(0, 0, batch);
    const auto bit = [&](int i) { return static_cast<std::int64_t>(random_bits(o_.seed, 4u * step + i) & 1u); };
    const Part part{bit(1), bit(0)};
    const auto colors = [&](const torch::Tensor& all) { return part.of(all.index_select(0, chosen)).flatten(2); };
    const torch::Tensor result = lab_of(through(tables, planes_of(colors(before_)), maps_of(chosen, part)));
    const torch::Tensor units = torch::tensor({100.0f, 128.0f, 128.0f}).view({1, 3, 1});
    return ((result - colors(after_)) * units).pow(2).sum(1).add(1e-4).sqrt().mean();
  }

  const LocalTrainOptions o_;
  const std::int64_t side_;
  const torch::Generator random_;
  torch::Tensor features_, before_, after_;  // after_: Lab
  torch::Tensor start_, basis_;              // of the tables' nodes: [b, g, r, 3], [10, nodes]
  TensorNet net_;
  std::map<std::string, double> dropped_;
  NamedTensors trained_;  // the net's, what is added to the tables, the guide
};

}  // namespace

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
