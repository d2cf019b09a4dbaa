// SPDX-License-Identifier: Apache-2.0
// Pairs as tensors, and which of their pixels a step sees: drawn from step and place alone, so that training can stop
// and go on, and ranks share one batch.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "pairs/pair.h"
#include "tensor/tensor_look.h"

namespace sfumato {

struct TrainItem {
  explicit TrainItem(const Pair&);

  std::string name;
  torch::Tensor before, after;  // [3, H, W]
  torch::Tensor usable;         // places of usable pixels, row by row
  torch::Tensor image;          // input of the style net, [3, 256, 256]
  torch::Tensor descriptor;     // another, [Descriptor::size, 1, 1]

  // Reduced to this long edge for operations that need whole pictures.
  torch::Tensor small(const torch::Tensor& picture) const;
};

// Pixels of some items, [B, 3, N], and what they should become.
struct PixelBatch {
  TensorPixels pixels;
  torch::Tensor target;
};

// `scattered` usable pixels of each item, followed by a square of crop x crop pixels (none if 0). first: the place in
// the whole batch of the first of these items.
struct Draw {
  int scattered, crop;
  std::uint64_t seed;
  int first = 0;
};
PixelBatch draw_pixels(const std::vector<const TrainItem*>&, const Draw&);

// Inputs of the style net for some items.
std::map<std::string, torch::Tensor> net_inputs(const std::vector<const TrainItem*>&);

// Numbers of the items in a batch: passes through all of them in orders drawn from the seed.
std::vector<int> items_of_batch(std::int64_t step, int batch, int items, std::uint64_t seed);

}  // namespace sfumato
