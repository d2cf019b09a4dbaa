// SPDX-License-Identifier: Apache-2.0
#include "losses/style_loss.h"

#include "losses/regions.h"

namespace sfumato {
namespace {

// [C, N]; not copied where channels come last in memory.
torch::Tensor flat(const torch::Tensor& features) { return features.permute({0, 2, 3, 1}).flatten(0, 2).t(); }

LayerDistance distance_of(const StylePlan& plan, const StyleSamples& styles, std::size_t layer) {
  switch (plan.distance) {
    case StyleDistance::gram:
    case StyleDistance::paper:
      return gram_distance(styles, plan.distance == StyleDistance::paper);
    case StyleDistance::sliced:
      return sliced_distance(styles, plan.seed + layer);
    default:
      return gaussian_distance(styles);
  }
}

std::vector<torch::Tensor> places_of(const StyleSample& sample, const std::string& layer) {
  const torch::Tensor& f = sample.features.at(layer);
  return places_by_region(sample.regions, f.size(2), f.size(3));
}

// Content by squared differences at one layer, style by a distance at each of several, region by region [Gatys2017].
class LayeredLoss : public StyleLoss {
 public:
  LayeredLoss(StylePlan plan, const StyleSample& content, const std::vector<StyleSample>& styles)
      : plan_(std::move(plan)), content_(content.features.at(plan_.content_layer)) {
    for (std::size_t i = 0; i < plan_.style_layers.size(); ++i) {
      const std::string& layer = plan_.style_layers[i].first;
      StyleSamples wholes;
      for (const StyleSample& s : styles) wholes.emplace_back(flat(s.features.at(layer)), s.weight);
      if (content.regions.defined())
        add_regions(i, places_of(content, layer), wholes, styles);
      else
        parts_.push_back({i, {}, 1, distance_of(plan_, wholes, i)});
    }
  }

  LossParts operator()(const Features& features, const torch::Tensor&) override {
    const torch::Tensor difference = (features.at(plan_.content_layer) - content_).square();
    LossParts parts;
    parts.content =
        plan_.content_weight * (plan_.distance == StyleDistance::paper ? difference.sum() / 2 : difference.mean());
    for (const Part& p : parts_) {
      const auto& [layer, weight] = plan_.style_layers[p.layer];
      torch::Tensor f = flat(features.at(layer));
      if (p.places.defined()) f = f.index_select(1, p.places);
      const torch::Tensor part = p.distance(f) * (weight * p.share);
      parts.style = parts.style.defined() ? parts.style + part : part;
    }
    return parts;
  }

 private:
  struct Part {
    std::size_t layer;
    torch::Tensor places;  // of the painting; undefined: all
    double share;          // of all places
    LayerDistance distance;
  };

  void add_regions(std::size_t i, const std::vector<torch::Tensor>& places, const StyleSamples& wholes,
                   const std::vector<StyleSample>& styles) {
    std::vector<std::vector<torch::Tensor>> places_of_styles;
    for (const StyleSample& s : styles) places_of_styles.push_back(places_of(s, plan_.style_layers[i].first));
    double all = 0;
    for (const torch::Tensor& p : places) all += static_cast<double>(p.numel());
    for (std::size_t r = 0; r < places.size(); ++r) {
      if (places[r].numel() == 0) continue;
      StyleSamples samples = wholes;
      for (std::size_t s = 0; s < samples.size(); ++s)
        if (const torch::Tensor& there = places_of_styles[s][r]; there.numel() > 0)
          samples[s].first = samples[s].first.index_select(1, there);
      parts_.push_back({i, places[r], static_cast<double>(places[r].numel()) / all, distance_of(plan_, samples, i)});
    }
  }

  const StylePlan plan_;
  const torch::Tensor content_;
  std::vector<Part> parts_;
};

}  // namespace

std::unique_ptr<StyleLoss> make_style_loss(const StylePlan& plan, const StyleSample& content,
                                           const std::vector<StyleSample>& styles) {
  if (plan.distance == StyleDistance::strotss) return strotss_loss(plan, content, styles);
  return std::make_unique<LayeredLoss>(plan, content, styles);
}

torch::Tensor roughness(const torch::Tensor& picture) {
  namespace F = torch::nn::functional;
  const torch::Tensor p = F::pad(picture, F::PadFuncOptions({1, 1, 1, 1}).mode(torch::kReplicate));
  const std::int64_t height = picture.size(2), width = picture.size(3);
  const auto moved = [&](int dx, int dy) {
    return p.slice(2, 1 + dy, 1 + dy + height).slice(3, 1 + dx, 1 + dx + width);
  };
  const torch::Tensor straight = (picture - moved(1, 0)).square().mean() + (picture - moved(0, 1)).square().mean();
  const torch::Tensor diagonal = (picture - moved(1, 1)).square().mean() + (picture - moved(1, -1)).square().mean();
  return 2 * (straight / 3 + diagonal / 12);
}

}  // namespace sfumato
