// SPDX-License-Identifier: Apache-2.0
#include "transfer/curve_match.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

// A distribution function, linear between the edges of equal bins.
class Distribution {
 public:
  Distribution(const WeightedValues& v, int bins) : share_(static_cast<std::size_t>(bins) + 1) {
    const auto [low, high] = std::minmax_element(v.value.begin(), v.value.end());
    low_ = *low, step_ = (*high - *low) / static_cast<float>(bins);
    double total = 0;
    for (std::size_t i = 0; i < v.value.size(); ++i) {
      const int bin = step_ > 0 ? std::min(bins - 1, static_cast<int>((v.value[i] - low_) / step_)) : 0;
      share_[static_cast<std::size_t>(bin) + 1] += v.weight[i];
      total += v.weight[i];
    }
    for (std::size_t i = 1; i < share_.size(); ++i) share_[i] = share_[i - 1] + share_[i] / total;
  }
  int bins() const { return static_cast<int>(share_.size()) - 1; }
  float edge(double i) const { return low_ + step_ * static_cast<float>(i); }
  // At a place counted in bins.
  double below(double at) const {
    const double p = std::clamp(at, 0.0, static_cast<double>(bins()));
    const int i = std::min(bins() - 1, static_cast<int>(p));
    return share_[i] + (share_[i + 1] - share_[i]) * (p - i);
  }
  // The middle of the values whose share is below.
  float value_at(double share) const {
    const auto after = std::lower_bound(share_.begin(), share_.end(), share - 1e-9);
    const auto past = std::upper_bound(share_.begin(), share_.end(), share + 1e-9);
    auto at = [&](auto i, double s) {
      if (i == share_.begin()) return 0.0;
      if (i == share_.end()) return static_cast<double>(bins());
      const double before = *(i - 1), span = *i - before;
      return static_cast<double>(i - share_.begin()) - 1 + (span > 0 ? std::clamp((s - before) / span, 0.0, 1.0) : 0.5);
    };
    return edge(0.5 * (at(after, share) + at(past, share)));
  }

 private:
  float low_ = 0, step_ = 0;
  std::vector<double> share_;  // below each edge
};

void limit_slopes(MatchCurve& c, const SlopeLimits& limits, std::size_t middle) {
  const std::vector<float> before = c.knots;
  auto slope = [&](std::size_t i) {
    return std::clamp((before[i + 1] - before[i]) * c.scale, limits.least, limits.most) / c.scale;
  };
  for (std::size_t i = middle; i + 1 < before.size(); ++i) c.knots[i + 1] = c.knots[i] + slope(i);
  for (std::size_t i = middle; i > 0; --i) c.knots[i - 1] = c.knots[i] - slope(i - 1);
}

}  // namespace

MatchCurve match_distributions(const WeightedValues& from, const WeightedValues& to, int knots,
                               const SlopeLimits& limits) {
  const int bins = 8 * (knots - 1);
  const Distribution f(from, bins), g(to, bins);
  MatchCurve curve;
  curve.low = f.edge(0);
  const float range = f.edge(bins) - f.edge(0);
  if (!(range > 0)) {
    curve.knots = {g.value_at(0.5), g.value_at(0.5) + 1.0f};
    return curve;
  }
  curve.scale = static_cast<float>(knots - 1) / range;
  std::size_t middle = 0;
  for (int k = 0; k < knots; ++k) {
    const double share = f.below(8.0 * k);
    if (share <= 0.5) middle = static_cast<std::size_t>(k);
    curve.knots.push_back(k == 0 ? g.edge(0) : k == knots - 1 ? g.edge(bins) : g.value_at(share));
  }
  limit_slopes(curve, limits, middle);
  return curve;
}

}  // namespace sfumato
