// SPDX-License-Identifier: Apache-2.0
// Knob values to coefficients, for an operation known by its place in the catalog.
#pragma once

#include <span>
#include <utility>
#include <vector>

namespace sfumato {

// knobs: value_count() numbers in catalog order. Computed in double, so that identical on every processor.
std::vector<float> prepare_op(int index, std::span<const float> knobs);

// The smallest and largest blur of a canvas operation, in the units of Site; {0, 0} for others.
std::pair<float, float> sigma_range_op(int index, std::span<const float> coeffs);

}  // namespace sfumato
