// SPDX-License-Identifier: Apache-2.0
#include "grade/toning.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

constexpr int nodes = 65;

struct Place {
  int node;
  float share;  // of the next node
};

Place place_of(float luma) {
  const float at = std::clamp(luma, 0.0f, 1.0f) * (nodes - 1);
  const int node = std::min(static_cast<int>(at), nodes - 2);
  return {node, at - static_cast<float>(node)};
}

Color on(const std::vector<Color>& curve, const Place& p) {
  return curve[p.node] * (1 - p.share) + curve[p.node + 1] * p.share;
}

// What colors of each luma have beside it: least squares, smooth where there are few.
std::vector<Color> curve_of(const std::vector<Color>& colors, const std::vector<float>& count) {
  Eigen::MatrixXd normal = Eigen::MatrixXd::Identity(nodes, nodes) * 1e-9;
  Eigen::MatrixXd right = Eigen::MatrixXd::Zero(nodes, 3);
  double all = 0;
  for (std::size_t i = 0; i < colors.size(); ++i) {
    const float y = luma(colors[i]);
    const Place p = place_of(y);
    const double w = count[i], a = 1 - p.share, b = p.share;
    all += w;
    normal(p.node, p.node) += w * a * a;
    normal(p.node + 1, p.node + 1) += w * b * b;
    normal(p.node, p.node + 1) += w * a * b;
    normal(p.node + 1, p.node) += w * a * b;
    for (int c = 0; c < 3; ++c) {
      right(p.node, c) += w * a * (part(colors[i], c) - y);
      right(p.node + 1, c) += w * b * (part(colors[i], c) - y);
    }
  }
  // Second differences; and first ones, so that the curve runs out flat where there are none.
  const auto add_penalty = [&](const std::vector<double>& difference, double weight) {
    const int size = static_cast<int>(difference.size());
    for (int i = 0; i + size <= nodes; ++i)
      for (int j = 0; j < size; ++j)
        for (int k = 0; k < size; ++k) normal(i + j, i + k) += weight * all * difference[j] * difference[k];
  };
  add_penalty({1, -2, 1}, 1e-6);
  add_penalty({-1, 1}, 1e-8);
  const Eigen::MatrixXd solved = normal.ldlt().solve(right);
  std::vector<Color> curve;
  for (int i = 0; i < nodes; ++i) {
    const float y = static_cast<float>(i) / (nodes - 1);
    curve.push_back(
        Color{static_cast<float>(solved(i, 0)), static_cast<float>(solved(i, 1)), static_cast<float>(solved(i, 2))} +
        y);
  }
  return curve;
}

// Root mean square of what the curve does not have.
double distance_to(const std::vector<Color>& curve, const std::vector<Color>& colors, const std::vector<float>& count) {
  double sum = 0, all = 0;
  for (std::size_t i = 0; i < colors.size(); ++i) {
    const Color off = colors[i] - on(curve, place_of(luma(colors[i])));
    sum += count[i] * (off.r * off.r + off.g * off.g + off.b * off.b) / 3;
    all += count[i];
  }
  return all > 0 ? std::sqrt(sum / all) : 0;
}

}  // namespace

std::optional<Toning> Toning::of(const Samples& samples) {
  constexpr double least_before = 0.01, most_after = 0.008, most_share = 0.1;
  std::vector<Color> before, after;
  std::vector<float> count;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!samples.is_whole(i)) continue;
    before.push_back(samples.before[i]);
    after.push_back(samples.after[i]);
    count.push_back(samples.count[i]);
  }
  const std::vector<Color> curve = curve_of(after, count);
  const double has = distance_to(curve, after, count);
  if (has > most_after) return std::nullopt;
  const double had = distance_to(curve_of(before, count), before, count);
  if (had < least_before || has > most_share * had) return std::nullopt;
  return Toning(curve);
}

Color Toning::operator()(const Color& c) const {
  // Beyond white and black the curve goes on as it ends.
  const float y = luma(c);
  return on(colors_, place_of(y)) + (y - std::clamp(y, 0.0f, 1.0f));
}

}  // namespace sfumato
