// SPDX-License-Identifier: Apache-2.0
#include "look/local_grid.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

// Where a share of an axis falls among the centers of its cells.
struct Between {
  int low, high;
  float t;
  Between(float share, int cells) {
    const float at = std::clamp(share * static_cast<float>(cells) - 0.5f, 0.0f, static_cast<float>(cells - 1));
    low = static_cast<int>(at), high = std::min(low + 1, cells - 1), t = at - static_cast<float>(low);
  }
};

float height_of(const std::vector<float>& curve, float v) {
  const float at = std::clamp(v, 0.0f, 1.0f) * static_cast<float>(curve.size() - 1);
  const std::size_t low = std::min(static_cast<std::size_t>(at), curve.size() - 2);
  return curve[low] + (curve[low + 1] - curve[low]) * (at - static_cast<float>(low));
}

}  // namespace

std::array<float, 3> LocalGrid::at(float luma, float x, float y) const {
  const Between z(height_of(guide, luma), depth), h(x, side), v(y, side);
  std::array<float, 3> weights{};
  for (int k = 0; k < 3; ++k)
    for (int corner = 0; corner < 8; ++corner) {
      const int slice = corner & 4 ? z.high : z.low, row = corner & 2 ? v.high : v.low,
                column = corner & 1 ? h.high : h.low;
      weights[k] += (corner & 4 ? z.t : 1 - z.t) * (corner & 2 ? v.t : 1 - v.t) * (corner & 1 ? h.t : 1 - h.t) *
                    logits[((k * depth + slice) * side + row) * side + column];
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
