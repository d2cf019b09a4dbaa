// SPDX-License-Identifier: Apache-2.0
#include "train/exemplar_trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include <cmath>

#include "base/random.h"
#include "measure/analysis.h"
#include "measure/local_features.h"
#include "sfumato/error.h"
#include "tensor/device.h"
#include "tensor/lookups.h"
#include "tensor/net.h"
#include "train/adam.h"
#include "train/local_trainer.h"

namespace sfumato {
namespace {

using torch::indexing::None;
using torch::indexing::Slice;

torch::Tensor planes_of(const std::vector<float>& v, std::int64_t side) {
  return torch::from_blob(const_cast<float*>(v.data()),
                          {1, static_cast<std::int64_t>(v.size()) / (side * side), side, side}, torch::kFloat);
}

// The context's kernels: what a file has, the rest orthogonal.
TensorNet started(const ContextNet& context, std::uint64_t seed) {
  TensorNet net(context.net, seed);
  net.make_orthogonal();
  NamedTensors known;
  for (const auto& [name, t] : context.weights.tensors) known[name] = from_file_tensor(t);
  net.set(known);
  return net;
}

class ExemplarTrainer {
 public:
  ExemplarTrainer(const std::vector<const ExemplarSample*>& samples, const ContextNet& context,
                  const ExemplarTrainOptions& o)
      : samples_(samples),
        o_(o),
        device_(device_of(o.device)),
        random_(at::make_generator<at::CPUGeneratorImpl>(o.seed)),
        side_(static_cast<std::int64_t>(std::lround(std::sqrt(samples[0]->image.size() / 3.0)))),
        net_(made(context)),
        start_(o.start.empty() ? torch::zeros({1, 3, 10, 1, 1}) : torch::tensor(o.start).view({1, 3, 10, 1, 1})) {
    net_.to(device_);
    start_ = start_.to(device_);
    for (const auto& [name, t] : net_.parameters()) {
      const bool is_known = context.weights.tensors.count(name) > 0;
      const bool is_context = is_known || !(name.starts_with("mix") || name.starts_with("transform"));
      (is_known ? known_ : is_context ? fresh_ : head_)[name] = t;
    }
  }

  ExemplarTrained run(const std::function<bool(double)>& progress) {
    Adam head(head_, {.rate = o_.rate, .decay = o_.decay});
    Adam fresh(fresh_, {.rate = o_.rate * o_.fresh_share}), known(known_, {.rate = o_.rate * o_.known_share});
    ExemplarTrained result;
    int counted = 0;
    for (int step = 0; step < o_.steps; ++step) {
      const torch::Tensor loss = loss_of(step);
      loss.backward();
      const double share = rising_and_falling(static_cast<double>(step) / o_.steps);
      head.step(share), fresh.step(share), known.step(share);
      if (step * 10 >= o_.steps * 9) result.loss += loss.item<double>(), ++counted;
      if (progress && !progress(static_cast<double>(step + 1) / o_.steps))
        throw Error(Code::stopped, "stopped while training a local network");
    }
    result.loss /= std::max(counted, 1);
    result.net = net_.spec();
    result.weights = net_.file();
    return result;
  }

 private:
  // With a context whose channels the mix sees at mean 0 and deviation 1, and transforms that start at zero.
  TensorNet made(const ContextNet& context) const {
    const TensorNet start = started(context, o_.seed);
    ExemplarOptions spec{.context = context.net, .image = static_cast<int>(side_), .hidden = o_.hidden};
    spec.features = static_cast<int>(samples_[0]->features.size() / LocalFeatures::cells);
    measure(start, spec);
    TensorNet net(exemplar_fcn(spec), o_.seed);
    net.set(start.parameters());
    torch::NoGradGuard no_grad;
    for (const auto& [name, t] : net.parameters()) {
      // As maps start: what matters little for all photos together shall start by mattering little.
      if (name.starts_with("mix")) t.mul_(1 / std::sqrt(6.0));
      if (name.starts_with("transform")) t.zero_();
    }
    return net;
  }

  void measure(const TensorNet& start, ExemplarOptions& spec) const {
    torch::NoGradGuard no_grad;
    constexpr std::size_t most = 64;  // photos say enough
    torch::Tensor sum, squares;
    double count = 0;
    for (std::size_t i = 0; i < std::min(most, samples_.size()); ++i) {
      const torch::Tensor image = planes_of(samples_[i]->image, side_);
      const torch::Tensor v =
          start({{start.spec().inputs[0].name, image}}).at(start.spec().outputs[0]).to(torch::kDouble);
      const torch::Tensor one = v.sum({0, 2, 3}), two = v.pow(2).sum({0, 2, 3});
      sum = sum.defined() ? sum + one : one, squares = squares.defined() ? squares + two : two;
      count += static_cast<double>(v.size(2) * v.size(3));
    }
    const torch::Tensor mean = sum / count, deviation = (squares / count - mean.pow(2)).clamp_min(0).sqrt();
    // Channels that hardly say anything shall not be made loud.
    const torch::Tensor spread = deviation.clamp_min(0.1 * deviation.mean().item<double>() + 1e-6);
    spec.context_mean = to_file_tensor(mean).values, spec.context_spread = to_file_tensor(spread).values;
  }

  // Rendering reads means of transforms over pixels nearby of like lightness (measure/map_table.h): training sees such
  // means too, from a bilateral grid of cells of 4 x 4 pixels. [n, 30, h, w] and [n, h, w] of lightness 0..1.
  static torch::Tensor as_rendered(const torch::Tensor& transforms, const torch::Tensor& lightness) {
    constexpr std::int64_t depth = 16, cell = 4;
    const std::int64_t n = transforms.size(0), h = transforms.size(2), w = transforms.size(3);
    const torch::Tensor z = lightness.clamp(0, 1);
    const torch::Tensor slice = (torch::arange(depth, z.options()) + 0.5).view({1, depth, 1, 1});
    const torch::Tensor share =
        (1 - ((z * depth).clamp(0.5, depth - 0.5).unsqueeze(1) - slice).abs()).clamp_min(0).unsqueeze(1);
    const torch::Tensor all = torch::cat({transforms, torch::ones_like(transforms.slice(1, 0, 1))}, 1).unsqueeze(2);
    const torch::Tensor grid = torch::avg_pool2d((all * share).flatten(1, 2), cell);
    const auto places = [&](std::int64_t count) { return (torch::arange(count, z.options()) + 0.5) / count; };
    const auto everywhere = [&](const torch::Tensor& p) { return p.expand({n, h, w}).flatten(1).contiguous(); };
    const torch::Tensor read =
        slice_grid(grid.view({n, all.size(1), depth, h / cell, w / cell}), everywhere(places(w).view({1, 1, w})),
                   everywhere(places(h).view({1, h, 1})), z.flatten(1).contiguous());
    return (read.slice(1, 0, 30) / read.slice(1, 30).clamp_min(1e-6)).view({n, 30, h, w});
  }

  torch::Tensor loss_of(int step) {
    const std::int64_t count = static_cast<std::int64_t>(samples_.size()),
                       batch = std::min<std::int64_t>(o_.batch, count);
    const torch::Tensor chosen = torch::randperm(count, random_).slice(0, 0, batch);
    const auto bits = [&](std::int64_t i) { return static_cast<std::int64_t>(random_bits(o_.seed, 64u * step + i)); };
    const std::int64_t x = bits(0) & 3, y = bits(1) & 3;
    std::vector<torch::Tensor> image, features, before, after;
    for (std::int64_t i = 0; i < batch; ++i) {
      const ExemplarSample& s = *samples_[chosen[i].item<std::int64_t>()];
      const bool is_mirrored = bits(2 + i) & 1;
      const auto add = [&](const std::vector<float>& v, std::int64_t side, std::vector<torch::Tensor>& all) {
        const torch::Tensor t = planes_of(v, side);
        all.push_back(is_mirrored ? t.flip({3}) : t);
      };
      add(s.image, side_, image), add(s.before, Analysis::size, before), add(s.after, Analysis::size, after);
      if (!s.features.empty())
        features.push_back(planes_of(is_mirrored ? s.mirrored_features : s.features, LocalFeatures::side));
    }
    const auto joined = [&](const std::vector<torch::Tensor>& all) { return torch::cat(all).to(device_); };
    const auto part = [&](const torch::Tensor& all) {
      return all.index({Slice(), Slice(), Slice(y, None, 4), Slice(x, None, 4)});
    };
    const torch::Tensor lab = part(joined(before));
    NamedTensors in{{"image", joined(image)}, {"lab", lab}};
    if (!features.empty()) in["features"] = joined(features);
    const TensorNet::Dropout dropout{shares_, random_};
    const torch::Tensor t = net_(in, torch::kFloat, &dropout).at("transform");
    const torch::Tensor read = as_rendered(t, lab.select(1, 0)).view({t.size(0), 3, 10, t.size(2), t.size(3)});
    const torch::Tensor result = lab + ((start_ + read) * quadratic_basis(lab).unsqueeze(1)).sum(2);
    const torch::Tensor scale = torch::tensor({100.0f, 128.0f, 128.0f}).view({1, 3, 1, 1}).to(device_);
    const torch::Tensor squared = ((result - part(joined(after))) * scale).pow(2).sum(1);
    return o_.is_squared ? squared.mean() : squared.add(1e-4).sqrt().mean();
  }

  const std::vector<const ExemplarSample*>& samples_;
  const ExemplarTrainOptions o_;
  const torch::Device device_;
  const torch::Generator random_;
  const std::int64_t side_;
  TensorNet net_;
  torch::Tensor start_;
  NamedTensors head_, fresh_, known_;
  const std::map<std::string, double> shares_{
      {"features", 0.1}, {"small.even", 0.1}, {"large.even", 0.1}, {"mix_relu", o_.dropout}, {"mix2_relu", o_.dropout}};
};

}  // namespace

ExemplarTrained train_exemplar(const std::vector<const ExemplarSample*>& samples, const ContextNet& context,
                               const ExemplarTrainOptions& options, const std::function<bool(double)>& progress) {
  prepare_cpu(options.threads);
  return ExemplarTrainer(samples, context, options).run(progress);
}

}  // namespace sfumato
