// SPDX-License-Identifier: Apache-2.0
#include "transfer/transport.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/random.h"
#include "base/threads.h"
#include "image/strip.h"
#include "lane/isa.h"
#include "transfer/color_rows.h"
#include "transfer/curve_match.h"

namespace sfumato {
namespace {

struct Moments {
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  Eigen::Matrix3d covariance = Eigen::Matrix3d::Zero();
};

Eigen::Vector3d vector_of(const Rgb<float>& c) { return {c.r, c.g, c.b}; }

Moments moments_of(const ColorSamples& s) {
  Moments m;
  const double total = s.total();
  for (std::size_t i = 0; i < s.lab.size(); ++i) m.mean += s.weight[i] / total * vector_of(s.lab[i]);
  for (std::size_t i = 0; i < s.lab.size(); ++i) {
    const Eigen::Vector3d d = vector_of(s.lab[i]) - m.mean;
    m.covariance += s.weight[i] / total * d * d.transpose();
  }
  return m;
}

AffineMap affine(const Eigen::Matrix3d& a, const Moments& from, const Moments& to) {
  AffineMap map;
  const Eigen::Vector3d b = to.mean - a * from.mean;
  for (int i = 0; i < 9; ++i) map.m[i] = a(i / 3, i % 3);
  for (int i = 0; i < 3; ++i) map.b[i] = b[i];
  return map;
}

// Whole power of a symmetric matrix of positive eigenvalues.
Eigen::Matrix3d power_of(const Eigen::Matrix3d& m, double exponent) {
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> e(m);
  const Eigen::Vector3d values = e.eigenvalues().cwiseMax(1e-12).array().pow(exponent);
  return e.eigenvectors() * values.asDiagonal() * e.eigenvectors().transpose();
}

using Basis = std::array<Rgb<float>, 3>;

// Three orthonormal directions, uniformly distributed.
Basis random_basis(std::uint32_t seed, int i) {
  Eigen::Matrix3d m;
  for (int k = 0; k < 9; ++k) m(k / 3, k % 3) = random_normal(seed, static_cast<std::uint64_t>(9 * i + k));
  const Eigen::Matrix3d q = Eigen::HouseholderQR<Eigen::Matrix3d>(m).householderQ();
  Basis basis;
  for (int k = 0; k < 3; ++k)
    basis[k] = {static_cast<float>(q(0, k)), static_cast<float>(q(1, k)), static_cast<float>(q(2, k))};
  return basis;
}

// The last color once more until the row is full, so that it has no other extremes.
PlanarRows planar(const std::vector<Rgb<float>>& colors) {
  const int n = static_cast<int>(colors.size());
  PlanarRows rows;
  rows.resize(n, 1);
  const Strip to = rows.row(0);
  for (int i = 0; i < padded(n); ++i) {
    const Rgb<float>& c = colors[std::min(i, n - 1)];
    to.channel[0][i] = c.r, to.channel[1][i] = c.g, to.channel[2][i] = c.b;
  }
  return rows;
}

Distribution along(const PlanarRows& colors, std::span<const float> weights, const Rgb<float>& axis, int bins) {
  thread_local AlignedFloats places;
  places.resize(padded(colors.width()));
  const float direction[3]{axis.r, axis.g, axis.b};
  const Extremes range =
      kernels<ColorRows>(best_isa()).project(colors.row(0), direction, colors.width(), places.data());
  return {{{places.data(), weights.size()}, weights}, range, bins};
}

// Some at a time, which stay in the first-level cache through all curves.
void move_along(std::span<const AxisCurve> curves, PlanarRows& colors) {
  constexpr int part = 1024;
  const ColorRows& kernels = sfumato::kernels<ColorRows>(best_isa());
  const int n = colors.width(), parts = (n + part - 1) / part;
  parallel_for(parts, 0, [&](int i) {
    kernels.move_along(curves.data(), static_cast<int>(curves.size()), colors.row(0).from(i * part),
                       std::min(part, n - i * part));
  });
}

}  // namespace

Rgb<float> AffineMap::operator()(const Rgb<float>& c) const {
  const Rgb<double> out = times(m, Rgb<double>{c.r, c.g, c.b}) + Rgb<double>{b[0], b[1], b[2]};
  return {static_cast<float>(out.r), static_cast<float>(out.g), static_cast<float>(out.b)};
}

AffineMap monge_kantorovich(const ColorSamples& photo, const ColorSamples& reference) {
  Moments p = moments_of(photo), r = moments_of(reference);
  for (Moments* m : {&p, &r}) m->covariance += 1e-5 * Eigen::Matrix3d::Identity();
  const Eigen::Matrix3d root = power_of(p.covariance, 0.5), inverse = power_of(p.covariance, -0.5);
  return affine(inverse * power_of(root * r.covariance * root, 0.5) * inverse, p, r);
}

AffineMap mean_and_deviation(const ColorSamples& photo, const ColorSamples& reference, float steepest) {
  const Moments p = moments_of(photo), r = moments_of(reference);
  Eigen::Matrix3d a = Eigen::Matrix3d::Zero();
  for (int i = 0; i < 3; ++i)
    a(i, i) = std::min<double>(steepest, std::sqrt((r.covariance(i, i) + 1e-5) / (p.covariance(i, i) + 1e-5)));
  return affine(a, p, r);
}

void transport_slices(const ColorSamples& photo, const ColorSamples& reference, const MatchOptions& o,
                      std::vector<Rgb<float>>& points) {
  constexpr int bins = Distribution::bins_for(65);
  std::vector<Basis> bases(o.slices);
  // The reference stays what it is.
  std::vector<std::vector<Distribution>> wanted(o.slices);
  const PlanarRows to = planar(reference.lab);
  parallel_for(o.slices, 0, [&](int i) {
    bases[i] = random_basis(o.seed, i);
    for (const Rgb<float>& axis : bases[i]) wanted[i].push_back(along(to, reference.weight, axis, bins));
  });
  PlanarRows moving = planar(photo.lab);
  std::vector<std::array<MatchCurve, 3>> curves(o.slices);
  std::vector<AxisCurve> all;
  for (int i = 0; i < o.slices; ++i) {
    parallel_for(3, 0, [&](int k) {
      curves[i][k] = match_distributions(along(moving, photo.weight, bases[i][k], bins), wanted[i][k],
                                         {1 / o.steepest, o.steepest});
    });
    // The last steps are shorter, so that the map settles instead of following one basis.
    for (int k = 0; k < 3; ++k) all.push_back(curves[i][k].along(bases[i][k], i + 5 < o.slices ? 1.0f : 0.5f));
    move_along(std::span(all).last(3), moving);
  }
  PlanarRows rows = planar(points);
  move_along(all, rows);
  const ConstStrip from = std::as_const(rows).row(0);
  for (std::size_t i = 0; i < points.size(); ++i)
    points[i] = {from.channel[0][i], from.channel[1][i], from.channel[2][i]};
}

}  // namespace sfumato
