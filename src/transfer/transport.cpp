// SPDX-License-Identifier: Apache-2.0
#include "transfer/transport.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/random.h"
#include "base/threads.h"
#include "lane/scalar.h"
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

float dot(const Rgb<float>& a, const Rgb<float>& b) { return a.r * b.r + a.g * b.g + a.b * b.b; }

Distribution along(const ColorSamples& s, const Rgb<float>& axis, int bins) {
  std::vector<float> places;
  places.reserve(s.lab.size());
  for (const auto& p : s.lab) places.push_back(dot(p, axis));
  return {{places, s.weight}, bins};
}

// A rotation of the space, and where colors go along its axes.
struct Slice {
  Basis basis;
  std::array<MatchCurve, 3> curves;
  float share;  // of the way there

  Rgb<float> operator()(const Rgb<float>& at) const {
    Rgb<float> p = at;
    for (int k = 0; k < 3; ++k) {
      const float v = dot(at, basis[k]);
      p = p + basis[k] * (share * (curves[k](v) - v));
    }
    return p;
  }
};

// Through all slices, one after the other.
void move(std::vector<Rgb<float>>& points, std::span<const Slice> slices) {
  parallel_parts(points.size(), [&](std::size_t begin, std::size_t end) {
    for (const Slice& slice : slices)
      for (std::size_t i = begin; i < end; ++i) points[i] = slice(points[i]);
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

void transport_slices(ColorSamples photo, const ColorSamples& reference, const MatchOptions& o,
                      std::vector<Rgb<float>>& points) {
  constexpr int bins = Distribution::bins_for(65);
  std::vector<Slice> slices(o.slices);
  // The reference stays what it is.
  std::vector<std::vector<Distribution>> wanted(o.slices);
  parallel_for(o.slices, 0, [&](int i) {
    slices[i].basis = random_basis(o.seed, i);
    for (const Rgb<float>& axis : slices[i].basis) wanted[i].push_back(along(reference, axis, bins));
  });
  for (int i = 0; i < o.slices; ++i) {
    Slice& slice = slices[i];
    parallel_for(3, 0, [&](int k) {
      slice.curves[k] =
          match_distributions(along(photo, slice.basis[k], bins), wanted[i][k], {1 / o.steepest, o.steepest});
    });
    // The last steps are shorter, so that the map settles instead of following one basis.
    slice.share = i + 5 < o.slices ? 1.0f : 0.5f;
    move(photo.lab, {&slice, 1});
  }
  move(points, slices);
}

}  // namespace sfumato
