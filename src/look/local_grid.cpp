// SPDX-License-Identifier: Apache-2.0
#include "look/local_grid.h"

#include <algorithm>
#include <cmath>

#include "measure/map_table.h"

namespace sfumato {
namespace {

BetweenCells between(float share, int cells) { return {share * static_cast<float>(cells) - 0.5f, cells}; }

float height_of(const std::vector<float>& curve, float v) {
  const float at = std::clamp(v, 0.0f, 1.0f) * static_cast<float>(curve.size() - 1);
  const std::size_t low = std::min(static_cast<std::size_t>(at), curve.size() - 2);
  return curve[low] + (curve[low + 1] - curve[low]) * (at - static_cast<float>(low));
}

}  // namespace

std::array<float, 3> LocalGrid::at(float luma, float x, float y) const {
  const BetweenCells z = between(height_of(guide, luma), depth), h = between(x, side), v = between(y, side);
  std::array<float, 3> weights{};
  for (int k = 0; k < 3; ++k)
    for (int corner = 0; corner < 8; ++corner) {
      const int slice = corner & 4 ? z.high : z.low, row = corner & 2 ? v.high : v.low,
                column = corner & 1 ? h.high : h.low;
      weights[k] += (corner & 4 ? z.share : 1 - z.share) * (corner & 2 ? v.share : 1 - v.share) *
                    (corner & 1 ? h.share : 1 - h.share) * logits[((k * depth + slice) * side + row) * side + column];
    }
  return softmax(weights);
}

std::array<float, 3> softmax(std::array<float, 3> logits) {
  const float most = std::max({logits[0], logits[1], logits[2]});
  float sum = 0;
  for (float& v : logits) sum += v = std::exp(v - most);
  for (float& v : logits) v /= sum;
  return logits;
}

}  // namespace sfumato
