// SPDX-License-Identifier: Apache-2.0
#include "optimise/neural_painter.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "base/fnv.h"
#include "losses/matting.h"
#include "optimise/feature_net.h"
#include "optimise/picture_optimizer.h"
#include "tensor/device.h"
#include "tensor/planes.h"
#include "train/checkpoint.h"

namespace sfumato {
namespace {

namespace F = torch::nn::functional;
constexpr int least_side = NeuralOptions::least_side;

std::vector<int> scale_sizes(const NeuralOptions& o) {
  std::vector<int> sizes{std::max(o.size, least_side)};
  for (int i = 1;; ++i) {
    const int size = static_cast<int>(std::lround(o.size / std::pow(2.0, i / 2.0)));
    if (sizes.back() <= o.first_size || size < least_side) break;
    sizes.push_back(size);
  }
  std::reverse(sizes.begin(), sizes.end());
  return sizes;
}

class NeuralPainter {
 public:
  NeuralPainter(const NeuralInputs& in, const NeuralOptions& o, const NeuralWatch& watch)
      : in_(in), o_(o), watch_(watch), device_(device_of(o.device)), net_(o, device_, watch.warn) {}

  Planes run() {
    const std::vector<int> sizes = scale_sizes(o_);
    fingerprint_ = fingerprint(sizes.front());
    for (std::size_t i = resumed(); i < sizes.size(); ++i) {
      prepare(sizes[i], static_cast<int>(i));
      const bool goes_on = optimize(static_cast<int>(i) + 1, static_cast<int>(sizes.size()));
      if (watch_.scale_done) watch_.scale_done(planes_of(optimizer_->result()));
      if (!goes_on) break;
      save(i + 1);
    }
    return planes_of(optimizer_->result());
  }

 private:
  // Pictures count as the first scale sees them.
  std::string fingerprint(int size) const {
    const std::string text = text_of(o_) + o_.weights;
    std::uint64_t h = fnv1a(text.data(), text.size());
    const auto add = [&](const Planes& planes) {
      for (const Plane& p : planes) h = fnv1a(p.values.data(), p.values.size() * sizeof(float), h);
    };
    add(in_.content(size)), add(in_.regions);
    for (const NeuralInputs::Read& style : in_.styles) add(style(size));
    for (const RegionShares& regions : in_.style_regions) add(regions);
    h = fnv1a(in_.style_weights.data(), in_.style_weights.size() * sizeof(double), h);
    return fmt::format("{:016x}", h);
  }

  void save(std::size_t scales_done) const {
    if (o_.checkpoint.empty()) return;
    TensorFile file;
    add_group(file, "", optimizer_->state());
    file.metadata = {{"scales", std::to_string(scales_done)}};
    write_checkpoint(o_.checkpoint, std::move(file), fingerprint_);
  }

  // How many scales the checkpoint has.
  std::size_t resumed() {
    const auto file = o_.resume ? read_checkpoint(o_.checkpoint, fingerprint_) : std::nullopt;
    if (!file) return 0;
    const NamedTensors state = group(*file, "", device_);
    optimizer_ = begun(state.at("picture"));
    optimizer_->set_state(state);
    return std::stoul(file->metadata.at("scales"));
  }

  std::unique_ptr<PictureOptimizer> begun(const torch::Tensor& start) const {
    return o_.lbfgs ? lbfgs_optimizer(start) : adam_optimizer(start, o_);
  }

  // [R, h, w]
  torch::Tensor tensor_of_regions(const RegionShares& regions) const {
    std::vector<torch::Tensor> planes;
    const auto some = std::find_if(regions.begin(), regions.end(), [](const Plane& p) { return p.width > 0; });
    for (const Plane& p : regions)
      planes.push_back(p.width > 0 ? torch::from_blob(const_cast<float*>(p.values.data()), {p.height, p.width}).clone()
                                   : torch::zeros({some->height, some->width}));
    return torch::stack(planes).to(device_);
  }

  void prepare(int size, int scale) {
    torch::NoGradGuard no_grad;
    const torch::Tensor content = tensor_of(in_.content(size), device_);
    const double sum = std::accumulate(in_.style_weights.begin(), in_.style_weights.end(), 0.0);
    std::vector<StyleSample> styles;
    for (std::size_t i = 0; i < in_.styles.size(); ++i) {
      const int style_size = std::max(least_side, static_cast<int>(std::lround(size * o_.style_scale)));
      StyleSample s{{}, tensor_of(in_.styles[i](style_size), device_), in_.style_weights[i] / sum};
      s.features = i == 0 && o_.weights.empty() ? net_.normalized(s.picture) : net_(s.picture);
      if (!in_.regions.empty()) s.regions = tensor_of_regions(in_.style_regions[i]);
      styles.push_back(std::move(s));
    }
    StylePlan plan = net_.plan();
    // [Kolkin2019]: forms are settled at coarse scales.
    if (plan.distance == StyleDistance::strotss) plan.content_weight *= std::pow(0.5, scale);
    StyleSample photo{net_(content), content, 1};
    if (!in_.regions.empty()) photo.regions = tensor_of_regions(in_.regions);
    loss_ = make_style_loss(plan, photo, styles);
    if (o_.matting > 0) matting_.emplace(content);
    const torch::Tensor start = first_picture(content);
    optimizer_ = optimizer_ ? optimizer_->resized(start) : begun(start);
  }

  torch::Tensor first_picture(const torch::Tensor& content) const {
    if (optimizer_)
      return F::interpolate(optimizer_->result(), F::InterpolateFuncOptions()
                                                      .size(std::vector<std::int64_t>{content.size(2), content.size(3)})
                                                      .mode(torch::kBicubic)
                                                      .align_corners(false))
          .clamp(0, 1);
    if (o_.start == PaintStart::content) return content;
    auto random = at::detail::createCPUGenerator(o_.seed);
    return torch::rand(content.sizes(), random).to(device_);
  }

  bool optimize(int scale, int scales) {
    const int steps = scale == 1 ? o_.first_steps : o_.steps;
    const double smoothness = o_.smoothness.value_or(o_.distance == StyleDistance::gaussian ? 2.0 : 0.0);
    for (int step = 1; step <= steps; ++step) {
      NeuralStep told{scale, scales, step, steps};
      const bool moves = optimizer_->step([&](const torch::Tensor& picture) {
        const LossParts parts = (*loss_)(net_(picture), picture);
        const torch::Tensor rough = roughness(picture) * smoothness;
        const torch::Tensor matting =
            matting_ ? matting_->energy(picture) * o_.matting : torch::zeros({}, picture.device());
        const torch::Tensor loss = parts.content + parts.style + rough + matting;
        if (told.width == 0)
          told = {scale,
                  scales,
                  step,
                  steps,
                  static_cast<int>(picture.size(3)),
                  static_cast<int>(picture.size(2)),
                  parts.content.item<double>(),
                  parts.style.item<double>(),
                  rough.item<double>(),
                  matting.item<double>(),
                  loss.item<double>()};
        return loss;
      });
      if (watch_.step && !watch_.step(told)) return false;
      if (!moves) break;
    }
    return true;
  }

  const NeuralInputs& in_;
  const NeuralOptions& o_;
  const NeuralWatch& watch_;
  const torch::Device device_;
  FeatureNet net_;
  std::string fingerprint_;
  std::unique_ptr<StyleLoss> loss_;
  std::optional<MattingLaplacian> matting_;
  std::unique_ptr<PictureOptimizer> optimizer_;
};

}  // namespace

Planes paint_neurally(const NeuralInputs& in, const NeuralOptions& o, const NeuralWatch& watch) {
  prepare_cpu(o.threads);
  return NeuralPainter(in, o, watch).run();
}

}  // namespace sfumato
