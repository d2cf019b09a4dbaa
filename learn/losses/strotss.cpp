// SPDX-License-Identifier: Apache-2.0
#include <ATen/CPUGeneratorImpl.h>

#include "losses/regions.h"
#include "losses/similarity.h"
#include "losses/style_loss.h"

namespace sfumato {
namespace {

namespace F = torch::nn::functional;
constexpr std::int64_t samples = 1024;
constexpr std::int64_t fewest = 64;  // in a small region
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
    const std::vector<torch::Tensor> places = places_of(content);
    std::vector<std::vector<torch::Tensor>> places_of_styles;
    for (const StyleSample& s : styles) places_of_styles.push_back(places_of(s));
    double all = 0;
    for (const torch::Tensor& p : places) all += static_cast<double>(p.numel());
    for (std::size_t r = 0; r < places.size(); ++r) {
      if (places[r].numel() == 0) continue;
      const double share = places.size() == 1 ? 1 : static_cast<double>(places[r].numel()) / all;
      std::vector<torch::Tensor> columns;
      for (std::size_t s = 0; s < styles.size(); ++s) {
        const auto count = static_cast<std::int64_t>(std::lround(5 * samples * styles[s].weight));
        const std::vector<torch::Tensor>& there = places_of_styles[s];
        const torch::Tensor region = r < there.size() && there[r].numel() > 0 ? there[r] : torch::Tensor();
        if (count > 0)
          columns.push_back(hypercolumns(styles[s].features, styles[s].picture, drawn(count, styles[s], region)));
      }
      parts_.push_back({places.size() == 1 ? torch::Tensor() : places[r], share, torch::cat(columns), {}, {}});
    }
  }

  LossParts operator()(const Features& features, const torch::Tensor& picture) override {
    const bool redraws = calls_++ % redraw_every == 0;
    LossParts sum;
    for (Part& p : parts_) {
      if (redraws) {
        const auto count = static_cast<std::int64_t>(std::lround(samples * p.share));
        p.places = drawn(std::max(count, fewest), content_, p.region);
        p.content = hypercolumns(content_.features, content_.picture, p.places);
      }
      const torch::Tensor x = hypercolumns(features, picture, p.places);
      const torch::Tensor colors = x.narrow(1, 0, 3), style_colors = p.style.narrow(1, 0, 3);
      const torch::Tensor content = self_similarity(x, p.content) * (alpha_ / (2 + alpha_) * p.share);
      const torch::Tensor style = (relaxed_movers(cosine_costs(x, p.style)) + moments(x, p.style) +
                                   palette(colors, style_colors) / std::max(alpha_, 1.0)) *
                                  (p.share / (2 + alpha_));
      sum.content = sum.content.defined() ? sum.content + content : content;
      sum.style = sum.style.defined() ? sum.style + style : style;
    }
    return sum;
  }

 private:
  struct Part {
    torch::Tensor region;  // its pixels; undefined: all
    double share;
    torch::Tensor style, places, content;
  };

  // Pixels of each region.
  static std::vector<torch::Tensor> places_of(const StyleSample& s) {
    if (!s.regions.defined()) return {torch::ones({1})};
    return places_by_region(s.regions, s.picture.size(2), s.picture.size(3));
  }

  // Anywhere in the picture, or within some of its pixels.
  torch::Tensor drawn(std::int64_t count, const StyleSample& from, const torch::Tensor& pixels) {
    torch::Tensor at = torch::rand({count, 2}, random_).to(from.picture.device());
    if (pixels.defined()) {
      const std::int64_t width = from.picture.size(3), height = from.picture.size(2);
      const torch::Tensor chosen =
          pixels.index_select(0, torch::randint(pixels.numel(), {count}, random_, torch::kLong).to(pixels.device()));
      const torch::Tensor corners = torch::stack({chosen.remainder(width), chosen.div(width, "floor")}, 1);
      at = (at + corners) / torch::tensor({static_cast<float>(width), static_cast<float>(height)}, at.options());
    }
    return at * 2 - 1;
  }

  const StyleSample content_;
  const double alpha_;
  at::Generator random_;
  std::vector<Part> parts_;
  int calls_ = 0;
};

}  // namespace

std::unique_ptr<StyleLoss> strotss_loss(const StylePlan& plan, const StyleSample& content,
                                        const std::vector<StyleSample>& styles) {
  return std::make_unique<StrotssLoss>(plan, content, styles);
}

}  // namespace sfumato
