// SPDX-License-Identifier: Apache-2.0
// Parts of pictures that are compared with each other, so that sky is painted as sky.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace sfumato {

// The places y * width + x of a map that belong to each region: to that with the largest share there.
std::vector<torch::Tensor> places_by_region(const torch::Tensor& shares, std::int64_t height, std::int64_t width);

}  // namespace sfumato
