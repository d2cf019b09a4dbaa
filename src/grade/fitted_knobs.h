// SPDX-License-Identifier: Apache-2.0
// Some knobs of one operation as the numbers of a search.
#pragma once

#include <algorithm>
#include <array>

#include "look/values.h"
#include "sfumato/look.h"

namespace sfumato {

template <std::size_t N>
class FittedKnobs {
 public:
  using Values = std::array<double, N>;

  // places: of the knobs in the operation.
  FittedKnobs(const char* op, const std::array<int, N>& places) : op_(*find_op(op)), places_(places) {}

  const Knob& operator[](std::size_t i) const { return op_.knobs[places_[i]]; }

  // The operation with these numbers as far as their ranges go, all others as they are at first.
  LookStep step(const Values& v) const {
    LookStep step = initial_step(op_);
    for (std::size_t i = 0; i < N; ++i)
      step.values[places_[i]] = KnobValue::fixed(std::clamp(static_cast<float>(v[i]), (*this)[i].min, (*this)[i].max));
    return step;
  }

  // How far numbers lie outside their ranges, in ranges. A search for which that costs nothing wanders there.
  double outside(const Values& v) const {
    double sum = 0;
    for (std::size_t i = 0; i < N; ++i) {
      const Knob& k = (*this)[i];
      sum += std::max({0.0, k.min - v[i], v[i] - k.max}) / (k.max - k.min);
    }
    return sum;
  }

 private:
  const OpInfo& op_;
  std::array<int, N> places_;
};

}  // namespace sfumato
