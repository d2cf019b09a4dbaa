// SPDX-License-Identifier: Apache-2.0
// Knob values to coefficients, for an operation known by its place in the catalog.
#pragma once

#include <span>
#include <vector>

namespace sfumato {

// knobs: value_count() numbers in catalog order. Computed in double, so that identical on every processor.
std::vector<float> prepare_op(int index, std::span<const float> knobs);

}  // namespace sfumato
