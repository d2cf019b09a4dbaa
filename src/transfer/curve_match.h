// SPDX-License-Identifier: Apache-2.0
// Matching of distributions on a line: the monotone map that turns one into the other.
#pragma once

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "lane/pixel.h"
#include "transfer/color_rows.h"

namespace sfumato {

// A monotone curve with equally spaced knots; beyond its ends it goes on with slope 1.
struct MatchCurve {
  float low = 0, scale = 1;  // knot = (value - low) * scale
  std::vector<float> knots;

  float operator()(float v) const {
    const float last = static_cast<float>(knots.size() - 1), p = (v - low) * scale, in = p > 0 ? std::min(p, last) : 0;
    const int i = std::min(static_cast<int>(in), static_cast<int>(knots.size()) - 2);
    return knots[i] + (knots[i + 1] - knots[i]) * (in - static_cast<float>(i)) + (p - in) / scale;
  }

  // Along an axis of length 1, so much of the way; as long as this curve lives.
  AxisCurve along(const Rgb<float>& axis, float share) const {
    return {{axis.r, axis.g, axis.b}, low, scale, knots.data(), static_cast<int>(knots.size()) - 1, share};
  }
};

struct SlopeLimits {
  float least = 0, most = 1e9f;
};

// Weighted values; weights need not sum to 1.
struct WeightedValues {
  std::span<const float> value, weight;
};

// A distribution function, linear between the edges of equal bins over the range of its values.
class Distribution {
 public:
  Distribution(const WeightedValues&, int bins);
  Distribution(const WeightedValues&, Extremes, int bins);  // the values'

  int bins() const { return static_cast<int>(share_.size()) - 1; }
  float edge(double i) const { return low_ + step_ * static_cast<float>(i); }
  float share_of_bin(int i) const { return static_cast<float>(share_[i + 1] - share_[i]); }
  // At a place counted in bins.
  double below(double at) const;
  // The places, counted in bins, where the share below is this: one, or the two ends of a gap.
  std::pair<double, double> places_of(double share) const;

  static constexpr int bins_per_knot = 8;  // as match_distributions() wants them
  static constexpr int bins_for(int knots) { return bins_per_knot * (knots - 1); }

 private:
  float low_ = 0, step_ = 0;
  std::vector<double> share_;  // below each edge
};

// The exact transfer: value -> G^-1(F(value)) for the distribution functions F of `from` and G of `to`, at `knots`
// places over the range of `from`. Values in a gap of F keep their place in the gap of G. Where
// limits bind the mean of what is transferred stays right.
MatchCurve match_distributions(const WeightedValues& from, const WeightedValues& to, int knots,
                               const SlopeLimits& = {});
MatchCurve match_distributions(const Distribution& from, const Distribution& to, const SlopeLimits& = {});

}  // namespace sfumato
