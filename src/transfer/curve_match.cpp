// SPDX-License-Identifier: Apache-2.0
#include "transfer/curve_match.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sfumato {
namespace {

constexpr double rounding = 1e-9;  // of shares

// G^-1(F(v)) for v at a place counted in bins of f. What lies in a gap of f keeps its place in the gap of g.
float transferred(const Distribution& f, const Distribution& g, double place) {
  const double share = f.below(place);
  const auto [from, to] = f.places_of(share);
  const auto [low, high] = g.places_of(share);
  const double part = to - from > 1e-6 ? std::clamp((place - from) / (to - from), 0.0, 1.0) : 0.5;
  return g.edge(low + (high - low) * part);
}

// `mass` is what lies around each knot.
void limit_slopes(MatchCurve& c, const SlopeLimits& limits, const std::vector<float>& mass) {
  const std::vector<float> before = c.knots;
  double shift = 0, total = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (i > 0)
      c.knots[i] =
          c.knots[i - 1] + std::clamp((before[i] - before[i - 1]) * c.scale, limits.least, limits.most) / c.scale;
    shift += static_cast<double>(mass[i]) * (before[i] - c.knots[i]), total += mass[i];
  }
  for (float& k : c.knots) k += static_cast<float>(shift / total);
}

}  // namespace

Distribution::Distribution(const WeightedValues& v, int bins)
    : Distribution(v, {*std::ranges::min_element(v.value), *std::ranges::max_element(v.value)}, bins) {}

Distribution::Distribution(const WeightedValues& v, Extremes range, int bins)
    : low_(range.low),
      step_((range.high - range.low) / static_cast<float>(bins)),
      share_(static_cast<std::size_t>(bins) + 1) {
  const float per_value = std::isfinite(1 / step_) ? 1 / step_ : 0;
  double total = 0;
  for (std::size_t i = 0; i < v.value.size(); ++i) {
    const int bin = std::min(bins - 1, static_cast<int>((v.value[i] - low_) * per_value));
    share_[static_cast<std::size_t>(bin) + 1] += v.weight[i];
    total += v.weight[i];
  }
  for (std::size_t i = 1; i < share_.size(); ++i) share_[i] = share_[i - 1] + share_[i] / total;
}

double Distribution::below(double at) const {
  const double p = std::clamp(at, 0.0, static_cast<double>(bins()));
  const int i = std::min(bins() - 1, static_cast<int>(p));
  return share_[i] + (share_[i + 1] - share_[i]) * (p - i);
}

std::pair<double, double> Distribution::places_of(double share) const {
  auto at = [&](auto i) {
    if (i == share_.begin()) return 0.0;
    if (i == share_.end()) return static_cast<double>(bins());
    const double before = *(i - 1), span = *i - before;
    const double part = span > 0 ? std::clamp((share - before) / span, 0.0, 1.0) : 0.5;
    return static_cast<double>(i - share_.begin()) - 1 + part;
  };
  return {at(std::lower_bound(share_.begin(), share_.end(), share - rounding)),
          at(std::upper_bound(share_.begin(), share_.end(), share + rounding))};
}

MatchCurve match_distributions(const WeightedValues& from, const WeightedValues& to, int knots,
                               const SlopeLimits& limits) {
  const int bins = Distribution::bins_for(knots);
  return match_distributions(Distribution(from, bins), Distribution(to, bins), limits);
}

MatchCurve match_distributions(const Distribution& f, const Distribution& g, const SlopeLimits& limits) {
  constexpr int bins_per_knot = Distribution::bins_per_knot;
  const int bins = f.bins(), knots = bins / bins_per_knot + 1;
  MatchCurve curve;
  curve.low = f.edge(0);
  const float range = f.edge(bins) - f.edge(0);
  if (!(range > 0)) {
    const auto [low, high] = g.places_of(0.5);
    const float middle = g.edge(0.5 * (low + high));
    curve.knots = {middle, middle + 1.0f};
    return curve;
  }
  curve.scale = static_cast<float>(knots - 1) / range;
  std::vector<float> mass;
  for (int k = 0; k < knots; ++k) {
    curve.knots.push_back(k == 0           ? g.edge(0)
                          : k == knots - 1 ? g.edge(g.bins())
                                           : transferred(f, g, bins_per_knot * k));
    mass.push_back(0);
    for (int i = bins_per_knot * k - bins_per_knot / 2; i < bins_per_knot * k + bins_per_knot / 2; ++i)
      if (i >= 0 && i < bins) mass.back() += f.share_of_bin(i);
  }
  limit_slopes(curve, limits, mass);
  return curve;
}

}  // namespace sfumato
