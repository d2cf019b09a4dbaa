// SPDX-License-Identifier: Apache-2.0
#include "losses/regions.h"

namespace sfumato {

std::vector<torch::Tensor> places_by_region(const torch::Tensor& shares, std::int64_t height, std::int64_t width) {
  const torch::Tensor region = torch::adaptive_avg_pool2d(shares, {height, width}).argmax(0).flatten();
  std::vector<torch::Tensor> places;
  for (std::int64_t r = 0; r < shares.size(0); ++r) places.push_back((region == r).nonzero().flatten());
  return places;
}

}  // namespace sfumato
