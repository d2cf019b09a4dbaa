// SPDX-License-Identifier: Apache-2.0
#include "optimise/picture_optimizer.h"

#include <cmath>

namespace sfumato {
namespace {

namespace F = torch::nn::functional;

torch::Tensor variable(const torch::Tensor& start) { return start.detach().clone().requires_grad_(true); }

class AdamOptimizer : public PictureOptimizer {
 public:
  AdamOptimizer(const torch::Tensor& start, const NeuralOptions& o)
      : picture_(variable(start)),
        average_(torch::zeros_like(start)),
        keep_(o.average),
        options_{o.rate, 0.9, 0.99, 1e-8, 0},
        adam_({{"picture", picture_}}, options_) {}

  bool step(const Loss& loss) override {
    const torch::Tensor value = loss(picture_);
    if (!std::isfinite(value.item<double>())) return false;
    value.backward();
    adam_.step(1);
    torch::NoGradGuard no_grad;
    picture_.clamp_(0, 1);
    average_.mul_(keep_).add_(picture_, 1 - keep_);
    ++steps_;
    return true;
  }

  torch::Tensor result() const override {
    torch::NoGradGuard no_grad;
    if (steps_ == 0) return picture_.detach().clone();
    return (average_ / (1 - std::pow(keep_, static_cast<double>(steps_)))).clamp(0, 1);
  }

  std::unique_ptr<PictureOptimizer> resized(const torch::Tensor& start) const override {
    torch::NoGradGuard no_grad;
    auto next = std::make_unique<AdamOptimizer>(*this);
    next->picture_ = variable(start);
    next->average_ = torch::zeros_like(start);
    next->steps_ = 0;
    next->adam_ = Adam({{"picture", next->picture_}}, options_);
    NamedTensors state = adam_.state();
    const std::vector<std::int64_t> size{start.size(2), start.size(3)};
    const auto stretched = [&](const char* name, bool is_square) {
      const auto found = state.find(name);
      if (found == state.end()) return;
      auto options = F::InterpolateFuncOptions().size(size).align_corners(false);
      found->second = is_square ? F::interpolate(found->second, options.mode(torch::kBilinear)).clamp_min(0)
                                : F::interpolate(found->second, options.mode(torch::kBicubic));
    };
    stretched("first.picture", false);
    stretched("second.picture", true);
    next->adam_.set_state(state);
    return next;
  }

  NamedTensors state() const override {
    NamedTensors all = adam_.state();
    all["picture"] = picture_.detach(), all["average"] = average_;
    all["average_of"] = torch::tensor({static_cast<double>(steps_)});
    return all;
  }

  void set_state(const NamedTensors& state) override {
    torch::NoGradGuard no_grad;
    picture_.copy_(state.at("picture"));
    average_.copy_(state.at("average"));
    steps_ = static_cast<int>(state.at("average_of").item<double>());
    adam_.set_state(state);
  }

 private:
  torch::Tensor picture_, average_;
  double keep_;
  Adam::Options options_;
  Adam adam_;
  int steps_ = 0;
};

class LbfgsOptimizer : public PictureOptimizer {
 public:
  explicit LbfgsOptimizer(const torch::Tensor& start) : picture_(variable(start)), best_(start.detach().clone()) {
    begin();
  }

  bool step(const Loss& loss) override {
    optimizer_->step([&] {
      optimizer_->zero_grad();
      const torch::Tensor value = loss(picture_);
      value.backward();
      const double v = value.item<double>();
      if (std::isfinite(v) && v < least_) {
        least_ = v;
        best_.copy_(picture_.detach());
      }
      return value;
    });
    torch::NoGradGuard no_grad;
    if (torch::isfinite(picture_).all().item<bool>()) return true;
    picture_.copy_(best_);
    begin();
    return ++restarts_ <= most_restarts;
  }

  torch::Tensor result() const override { return best_.clamp(0, 1); }

  std::unique_ptr<PictureOptimizer> resized(const torch::Tensor& start) const override {
    return std::make_unique<LbfgsOptimizer>(start);
  }

  NamedTensors state() const override { return {{"picture", best_}}; }
  void set_state(const NamedTensors& state) override { best_.copy_(state.at("picture")); }

 private:
  static constexpr int most_restarts = 3;

  void begin() {
    optimizer_ = std::make_unique<torch::optim::LBFGS>(
        std::vector<torch::Tensor>{picture_},
        torch::optim::LBFGSOptions(1).max_iter(1).history_size(10).tolerance_grad(0).tolerance_change(0).line_search_fn(
            "strong_wolfe"));
  }

  torch::Tensor picture_, best_;
  double least_ = std::numeric_limits<double>::infinity();
  int restarts_ = 0;
  std::unique_ptr<torch::optim::LBFGS> optimizer_;
};

}  // namespace

std::unique_ptr<PictureOptimizer> adam_optimizer(const torch::Tensor& start, const NeuralOptions& o) {
  return std::make_unique<AdamOptimizer>(start, o);
}

std::unique_ptr<PictureOptimizer> lbfgs_optimizer(const torch::Tensor& start) {
  return std::make_unique<LbfgsOptimizer>(start);
}

}  // namespace sfumato
