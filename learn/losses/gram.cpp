// SPDX-License-Identifier: Apache-2.0
#include "losses/second_moment.h"
#include "losses/style_loss.h"

namespace sfumato {

// Sums over places are means here, so that style and picture may differ in size; with equal sizes `as_paper` is
// [Gatys2016] eq. 4: 1 / (4 N^2 M^2) sum (G - A)^2. Otherwise G / (N M), and the mean of squares.
LayerDistance gram_distance(const StyleSamples& styles, bool as_paper) {
  torch::Tensor target;
  for (const auto& [f, weight] : styles) {
    const torch::Tensor part = second_moment(f) * weight;
    target = target.defined() ? target + part : part;
  }
  const auto channels = static_cast<double>(target.size(0));
  const double scale = as_paper ? 1 / (4 * channels * channels) : 1 / (channels * channels * channels * channels);
  return [=](const torch::Tensor& features) { return (second_moment(features) - target).square().sum() * scale; };
}

}  // namespace sfumato
