// SPDX-License-Identifier: Apache-2.0
// Matching of distributions on a line: the monotone map that turns one into the other.
#pragma once

#include <span>
#include <vector>

namespace sfumato {

// A monotone curve with equally spaced knots; beyond its ends it goes on with slope 1.
struct MatchCurve {
  float low = 0, scale = 1;  // knot = (value - low) * scale
  std::vector<float> knots;

  float operator()(float v) const {
    const float last = static_cast<float>(knots.size() - 1), p = (v - low) * scale;
    if (!(p > 0)) return knots.front() + (v - low);
    if (p >= last) return knots.back() + (p - last) / scale;
    const int i = static_cast<int>(p);
    return knots[i] + (knots[i + 1] - knots[i]) * (p - static_cast<float>(i));
  }
};

struct SlopeLimits {
  float least = 0, most = 1e9f;
};

// Weighted values; weights need not sum to 1.
struct WeightedValues {
  std::span<const float> value, weight;
};

// The exact transfer: value -> G^-1(F(value)) for the distribution functions F of `from` and G of `to`, at `knots`
// places over the range of `from`. Values in a gap of F keep their place in the gap of G. Where
// limits bind the mean of what is transferred stays right.
MatchCurve match_distributions(const WeightedValues& from, const WeightedValues& to, int knots,
                               const SlopeLimits& = {});

}  // namespace sfumato
