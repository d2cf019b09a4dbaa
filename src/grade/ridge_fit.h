// SPDX-License-Identifier: Apache-2.0
// From descriptors of photos to their knobs, by ridge regression; everything that could be chosen wrongly is chosen by
// leaving one photo out, in closed form.
#pragma once

#include <vector>

#include "look/ridge_adapter.h"

namespace sfumato {

struct RidgeFit {
  std::vector<float> weights;  // knobs x Descriptor::size, on the descriptor minus `mean`
  std::vector<float> mean;
  std::vector<std::vector<float>> left_out;  // per photo: its knobs predicted without it
  double explained = 0;                      // share of the knobs' variance that left_out explains
};

// knobs[photo]: mean 0 over the photos, in comparable units. Each principal component of the knobs gets its own mean
// over groups of descriptor numbers and ridges, weighted by left-out error [Yao2018], and its own shrinkage toward 0;
// none where leaving out shows no gain [Hastie2009] 7.10, 3.4.
RidgeFit fit_ridge(const std::vector<std::vector<float>>& descriptors, const std::vector<std::vector<float>>& knobs);

}  // namespace sfumato
