// SPDX-License-Identifier: Apache-2.0
// What a network sees in a picture too large for all its activations: tile by tile, with the gradient of the whole.
#pragma once

#include <functional>

#include "losses/style_loss.h"
#include "net/net_spec.h"

namespace sfumato {

// How an output of a net lies over its picture.
struct Footprint {
  std::int64_t stride = 1;             // pixels from one value to the next
  std::int64_t before = 0, after = 0;  // pixels that a value sees before and after its own
};

// Of every output of a net of convolutions, pools and what works value by value. Throws Code::bug for others.
std::map<std::string, Footprint> footprints(const NetSpec&);

using SeeFeatures = std::function<Features(const torch::Tensor& picture)>;

// `see`(picture) of the net `spec` with input "image" [1, 3, H, W], in tiles of `tile` pixels and what their features
// see around them. Backwards tiles are seen once more: memory holds the features, their gradients and one tile's
// activations, for half as much time again.
Features features_in_tiles(const SeeFeatures& see, const NetSpec& spec, const torch::Tensor& picture, int tile);

}  // namespace sfumato
