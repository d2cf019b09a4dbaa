// SPDX-License-Identifier: Apache-2.0
#include "optimise/neural_painter.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <numeric>

#include "base/threads.h"
#include "optimise/feature_net.h"
#include "optimise/picture_optimizer.h"
#include "tensor/device.h"
#include "tensor/planes.h"

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
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      prepare(sizes[i], static_cast<int>(i));
      const bool goes_on = optimize(static_cast<int>(i) + 1, static_cast<int>(sizes.size()));
      if (watch_.scale_done) watch_.scale_done(planes_of(optimizer_->result()));
      if (!goes_on) break;
    }
    return planes_of(optimizer_->result());
  }

 private:
  void prepare(int size, int scale) {
    torch::NoGradGuard no_grad;
    const torch::Tensor content = tensor_of(in_.content(size), device_);
    const double sum = std::accumulate(in_.style_weights.begin(), in_.style_weights.end(), 0.0);
    std::vector<StyleSample> styles;
    for (std::size_t i = 0; i < in_.styles.size(); ++i) {
      const int style_size = std::max(least_side, static_cast<int>(std::lround(size * o_.style_scale)));
      styles.push_back({{}, tensor_of(in_.styles[i](style_size), device_), in_.style_weights[i] / sum});
    }
    if (o_.weights.empty()) net_.normalize(styles.front().picture);
    for (StyleSample& s : styles) s.features = net_(s.picture);
    StylePlan plan = net_.plan();
    // [Kolkin2019]: forms are settled at coarse scales.
    if (plan.distance == StyleDistance::strotss) plan.content_weight *= std::pow(0.5, scale);
    loss_ = make_style_loss(plan, {net_(content), content, 1}, styles);
    const torch::Tensor start = first_picture(content);
    optimizer_ = optimizer_ ? optimizer_->resized(start)
                 : o_.lbfgs ? lbfgs_optimizer(start)
                            : adam_optimizer(start, o_);
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
        const torch::Tensor loss = parts.content + parts.style + rough;
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
  std::unique_ptr<StyleLoss> loss_;
  std::unique_ptr<PictureOptimizer> optimizer_;
};

}  // namespace

Planes paint_neurally(const NeuralInputs& in, const NeuralOptions& o, const NeuralWatch& watch) {
  torch::set_num_threads(thread_count(o.threads));
  return NeuralPainter(in, o, watch).run();
}

}  // namespace sfumato
