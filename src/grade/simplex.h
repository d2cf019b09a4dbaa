// SPDX-License-Identifier: Apache-2.0
// The lowest point of a function without slopes, by the simplex of [NelderMead1965].
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace sfumato {

// Begins at `start` and `start` moved by each of `steps`; ends after about `evaluations` of f.
template <std::size_t N, class F>
std::array<double, N> simplex_minimum(const std::array<double, N>& start, const std::array<double, N>& steps,
                                      const F& f, int evaluations) {
  using Point = std::array<double, N>;
  using Corner = std::pair<double, Point>;
  int done = 0;
  const auto at = [&](const Point& p) {
    ++done;
    return Corner{f(p), p};
  };
  std::vector<Corner> corners{at(start)};
  for (std::size_t i = 0; i < N; ++i) {
    Point p = start;
    p[i] += steps[i];
    corners.push_back(at(p));
  }
  const auto between = [](const Point& from, const Point& to, double t) {
    Point p;
    for (std::size_t i = 0; i < N; ++i) p[i] = from[i] + t * (to[i] - from[i]);
    return p;
  };
  const auto is_lower = [](const Corner& a, const Corner& b) { return a.first < b.first; };
  while (done < evaluations) {
    std::sort(corners.begin(), corners.end(), is_lower);
    Point center{};
    for (std::size_t k = 0; k < N; ++k)
      for (std::size_t i = 0; i < N; ++i) center[i] += corners[k].second[i] / N;
    Corner& worst = corners.back();
    const Corner reflected = at(between(center, worst.second, -1.0));
    if (is_lower(reflected, corners[0])) {
      const Corner expanded = at(between(center, worst.second, -2.0));
      worst = std::min(expanded, reflected, is_lower);
    } else if (is_lower(reflected, corners[N - 1])) {
      worst = reflected;
    } else if (const Corner contracted = at(between(center, worst.second, 0.5)); is_lower(contracted, worst)) {
      worst = contracted;
    } else {
      for (std::size_t k = 1; k <= N; ++k) corners[k] = at(between(corners[0].second, corners[k].second, 0.5));
    }
  }
  return std::min_element(corners.begin(), corners.end(), is_lower)->second;
}

}  // namespace sfumato
