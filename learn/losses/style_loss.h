// SPDX-License-Identifier: Apache-2.0
// How far a picture is from the forms of one and the textures of others, as a network sees them.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "learner/neural_paint.h"
#include "tensor/net.h"

namespace sfumato {

// Features of one picture, each [1, C, H, W], by layer.
using Features = NamedTensors;

struct StyleSample {
  Features features;
  torch::Tensor picture;  // [1, 3, H, W]
  double weight;          // of a sum of 1
  // How much of each pixel is each region's, [R, h, w] of any size; undefined: the picture is one region. Regions of
  // the content become like the same regions of styles, or like a whole style that has no such region.
  torch::Tensor regions = {};
};

struct LossParts {
  torch::Tensor content, style;
};

class StyleLoss {
 public:
  virtual ~StyleLoss() = default;
  // Both scalars; gradient in `picture` and `features`, which are its features.
  virtual LossParts operator()(const Features& features, const torch::Tensor& picture) = 0;
};

// What is compared, where, how much.
struct StylePlan {
  StyleDistance distance;
  std::string content_layer;
  std::vector<std::pair<std::string, double>> style_layers;  // with weights
  double content_weight;
  std::uint64_t seed;
};

std::unique_ptr<StyleLoss> make_style_loss(const StylePlan&, const StyleSample& content,
                                           const std::vector<StyleSample>& styles);

// What make_style_loss() chooses among; each in a file of its name.
using LayerDistance = std::function<torch::Tensor(const torch::Tensor& features)>;
using StyleSamples = std::vector<std::pair<torch::Tensor, double>>;  // one layer's features [C, N] with weights
LayerDistance gaussian_distance(const StyleSamples&);
LayerDistance gram_distance(const StyleSamples&, bool as_paper);
LayerDistance sliced_distance(const StyleSamples&, std::uint64_t seed);
std::unique_ptr<StyleLoss> strotss_loss(const StylePlan&, const StyleSample& content,
                                        const std::vector<StyleSample>& styles);

// Mean squares of differences to neighbors on all sides, nearer ones counting more. [1, 3, H, W]
torch::Tensor roughness(const torch::Tensor& picture);

}  // namespace sfumato
