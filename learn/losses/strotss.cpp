// SPDX-License-Identifier: Apache-2.0
#include <ATen/CPUGeneratorImpl.h>

#include "losses/similarity.h"
#include "losses/style_loss.h"

namespace sfumato {
namespace {

namespace F = torch::nn::functional;
constexpr std::int64_t samples = 1024;
constexpr int redraw_every = 10;
constexpr double content_share = 16;  // of a content weight of 1

// Features of all layers and the picture's color at places -1..1: [N, channels].
torch::Tensor hypercolumns(const Features& features, const torch::Tensor& picture, const torch::Tensor& places) {
  const torch::Tensor grid = places.view({1, 1, -1, 2});
  std::vector<torch::Tensor> columns;
  const auto add = [&](const torch::Tensor& map) {
    columns.push_back(
        F::grid_sample(
            map, grid,
            F::GridSampleFuncOptions().mode(torch::kBilinear).padding_mode(torch::kBorder).align_corners(false))
            .flatten(1)
            .view({map.size(1), -1}));
  };
  add(picture);
  for (const auto& [layer, map] : features) add(map);
  return torch::cat(columns).t();
}

// [Kolkin2019] eq. 5.
torch::Tensor relaxed_movers(const torch::Tensor& costs) {
  return torch::max(std::get<0>(costs.min(1)).mean(), std::get<0>(costs.min(0)).mean());
}

torch::Tensor moments(const torch::Tensor& x, const torch::Tensor& y) {
  const auto covariance = [](const torch::Tensor& t, const torch::Tensor& mean) {
    const torch::Tensor c = t - mean;
    return c.t().matmul(c) / static_cast<double>(t.size(0) - 1);
  };
  const torch::Tensor mx = x.mean(0), my = y.mean(0);
  return (mx - my).abs().mean() + (covariance(x, mx) - covariance(y, my)).abs().mean();
}

// Lightness apart from color.
torch::Tensor decorrelated(const torch::Tensor& rgb) {
  static const torch::Tensor axes = torch::tensor({0.577350f, 0.577350f, 0.577350f, -0.577350f, 0.788675f, -0.211325f,
                                                   -0.577350f, -0.211325f, 0.788675f})
                                        .view({3, 3});
  return rgb.matmul(axes.t().to(rgb.device()));
}

torch::Tensor palette(const torch::Tensor& x, const torch::Tensor& y) {
  const torch::Tensor a = decorrelated(x), b = decorrelated(y);
  return relaxed_movers(cosine_costs(a, b) + torch::cdist(a, b));
}

class StrotssLoss : public StyleLoss {
 public:
  StrotssLoss(const StylePlan& plan, const StyleSample& content, const std::vector<StyleSample>& styles)
      : content_(content),
        alpha_(content_share * plan.content_weight),
        random_(at::detail::createCPUGenerator(plan.seed)) {
    std::vector<torch::Tensor> columns;
    for (const StyleSample& s : styles) {
      const auto count = static_cast<std::int64_t>(std::lround(5 * samples * s.weight));
      if (count > 0) columns.push_back(hypercolumns(s.features, s.picture, drawn(count)));
    }
    style_ = torch::cat(columns);
  }

  LossParts operator()(const Features& features, const torch::Tensor& picture) override {
    if (calls_++ % redraw_every == 0) {
      places_ = drawn(samples);
      content_columns_ = hypercolumns(content_.features, content_.picture, places_);
    }
    const torch::Tensor x = hypercolumns(features, picture, places_);
    const torch::Tensor colors = x.narrow(1, 0, 3), style_colors = style_.narrow(1, 0, 3);
    LossParts parts;
    parts.content = alpha_ * self_similarity(x, content_columns_) / (2 + alpha_);
    parts.style = (relaxed_movers(cosine_costs(x, style_)) + moments(x, style_) +
                   palette(colors, style_colors) / std::max(alpha_, 1.0)) /
                  (2 + alpha_);
    return parts;
  }

 private:
  torch::Tensor drawn(std::int64_t count) {
    return (torch::rand({count, 2}, random_) * 2 - 1).to(content_.picture.device());
  }

  const StyleSample content_;
  const double alpha_;
  at::Generator random_;
  torch::Tensor style_, places_, content_columns_;
  int calls_ = 0;
};

}  // namespace

std::unique_ptr<StyleLoss> strotss_loss(const StylePlan& plan, const StyleSample& content,
                                        const std::vector<StyleSample>& styles) {
  return std::make_unique<StrotssLoss>(plan, content, styles);
}

}  // namespace sfumato
