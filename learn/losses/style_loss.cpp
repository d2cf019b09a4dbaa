// SPDX-License-Identifier: Apache-2.0
#include "losses/style_loss.h"

namespace sfumato {
namespace {

torch::Tensor flat(const torch::Tensor& features) { return features.squeeze(0).flatten(1); }

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

// Content by squared differences at one layer, style by a distance at each of several.
class LayeredLoss : public StyleLoss {
 public:
  LayeredLoss(StylePlan plan, const StyleSample& content, const std::vector<StyleSample>& styles)
      : plan_(std::move(plan)), content_(content.features.at(plan_.content_layer)) {
    for (std::size_t i = 0; i < plan_.style_layers.size(); ++i) {
      StyleSamples at_layer;
      for (const StyleSample& s : styles)
        at_layer.emplace_back(flat(s.features.at(plan_.style_layers[i].first)), s.weight);
      distances_.push_back(distance_of(plan_, at_layer, i));
    }
  }

  LossParts operator()(const Features& features, const torch::Tensor&) override {
    const torch::Tensor difference = (features.at(plan_.content_layer) - content_).square();
    LossParts parts;
    parts.content =
        plan_.content_weight * (plan_.distance == StyleDistance::paper ? difference.sum() / 2 : difference.mean());
    for (std::size_t i = 0; i < distances_.size(); ++i) {
      const auto& [layer, weight] = plan_.style_layers[i];
      const torch::Tensor part = distances_[i](flat(features.at(layer))) * weight;
      parts.style = parts.style.defined() ? parts.style + part : part;
    }
    return parts;
  }

 private:
  const StylePlan plan_;
  const torch::Tensor content_;
  std::vector<LayerDistance> distances_;
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
