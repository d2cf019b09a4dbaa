// SPDX-License-Identifier: Apache-2.0
// Against the equations of [Gastal2011], evaluated here one by one in double precision.
#include "filters/domain_transform.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

namespace sfumato {
namespace {

using Rows = std::vector<std::vector<double>>;  // [y][x]

// A picture with an edge, slopes and noise.
std::vector<Rows> scene(int width, int height, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> noise(0, 0.1);
  std::vector<Rows> planes(3, Rows(height, std::vector<double>(width)));
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        planes[c][y][x] = (x > width / 3 + y ? 0.7 : 0.1) + 0.1 * c * y / height + noise(random);
  return planes;
}

DomainTransform transform_of(const std::vector<Rows>& guide, const DomainTransformOptions& o, int threads = 1,
                             Isa isa = best_isa()) {
  const int height = static_cast<int>(guide[0].size()), width = static_cast<int>(guide[0][0].size());
  return DomainTransform(
      width, height, o,
      [&](int y0, int y1, PlanarRows& rows) {
        rows.resize(width, y1 - y0);
        for (int y = y0; y < y1; ++y)
          for (int c = 0; c < 3; ++c)
            for (int x = 0; x < width; ++x) rows.row(y - y0).channel[c][x] = static_cast<float>(guide[c][y][x]);
      },
      threads, isa);
}

FloatPlanes planes_of(const std::vector<Rows>& in, std::size_t limit = FloatPlanes::most_in_memory) {
  const int height = static_cast<int>(in[0].size()), width = static_cast<int>(in[0][0].size());
  FloatPlanes out(width, height, static_cast<int>(in.size()), limit);
  for (std::size_t c = 0; c < in.size(); ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) out.row(static_cast<int>(c), y)[x] = static_cast<float>(in[c][y][x]);
  return out;
}

// One line filtered: samples at places ct, by the standard deviation sigma.
using Line =
    std::function<std::vector<double>(const std::vector<double>& v, const std::vector<double>& ct, double sigma)>;

std::vector<double> recursive_line(const std::vector<double>& v, const std::vector<double>& ct, double sigma) {
  const double a = std::exp(-std::sqrt(2.0) / sigma);  // eq. 21
  std::vector<double> j = v;
  for (std::size_t i = 1; i < v.size(); ++i) {
    const double w = std::pow(a, ct[i] - ct[i - 1]);
    j[i] = (1 - w) * j[i] + w * j[i - 1];
  }
  for (std::size_t i = v.size() - 1; i-- > 0;) {
    const double w = std::pow(a, ct[i + 1] - ct[i]);
    j[i] = (1 - w) * j[i] + w * j[i + 1];
  }
  return j;
}

std::vector<double> normalized_line(const std::vector<double>& v, const std::vector<double>& ct, double sigma) {
  std::vector<double> out;
  for (std::size_t i = 0; i < v.size(); ++i) {
    double sum = 0, count = 0;
    for (std::size_t k = 0; k < v.size(); ++k)
      if (std::abs(ct[k] - ct[i]) <= sigma * std::sqrt(3.0)) sum += v[k], ++count;  // eq. 15
    out.push_back(sum / count);
  }
  return out;
}

std::vector<double> interpolated_line(const std::vector<double>& v, const std::vector<double>& ct, double sigma) {
  constexpr int steps = 4000;
  const double radius = sigma * std::sqrt(3.0);
  std::vector<double> out;
  for (std::size_t i = 0; i < v.size(); ++i) {
    double sum = 0;
    std::size_t after = 0;
    for (int s = 0; s < steps; ++s) {  // eq. 18, by the midpoint rule
      const double at = ct[i] - radius + (s + 0.5) * 2 * radius / steps;
      while (after < v.size() && ct[after] <= at) ++after;
      if (after == 0)
        sum += v.front();
      else if (after == v.size())
        sum += v.back();
      else
        sum += v[after - 1] + (v[after] - v[after - 1]) * (at - ct[after - 1]) / (ct[after] - ct[after - 1]);
    }
    out.push_back(sum / steps);
  }
  return out;
}

std::vector<double> places(const std::vector<Rows>& guide, const DomainTransformOptions& o, int at, bool down) {
  const std::size_t n = down ? guide[0].size() : guide[0][0].size();
  std::vector<double> ct{0};
  for (std::size_t i = 1; i < n; ++i) {
    double sum = 0;
    for (const Rows& c : guide) sum += down ? std::abs(c[i][at] - c[i - 1][at]) : std::abs(c[at][i] - c[at][i - 1]);
    ct.push_back(ct.back() + 1 + static_cast<double>(o.sigma_s) / o.sigma_r * sum);  // eq. 11
  }
  return ct;
}

// Rows, then columns, in each iteration.
Rows filtered(Rows v, const std::vector<Rows>& guide, const DomainTransformOptions& o, const Line& line) {
  for (int i = 0; i < o.iterations; ++i) {
    const double sigma = o.sigma_s * std::sqrt(3.0) * std::pow(2, o.iterations - (i + 1)) /
                         std::sqrt(std::pow(4, o.iterations) - 1);  // eq. 14
    for (std::size_t y = 0; y < v.size(); ++y) v[y] = line(v[y], places(guide, o, static_cast<int>(y), false), sigma);
    for (std::size_t x = 0; x < v[0].size(); ++x) {
      std::vector<double> column;
      for (const auto& row : v) column.push_back(row[x]);
      column = line(column, places(guide, o, static_cast<int>(x), true), sigma);
      for (std::size_t y = 0; y < v.size(); ++y) v[y][x] = column[y];
    }
  }
  return v;
}

double largest_difference(const FloatPlanes& a, int plane, const Rows& b) {
  double most = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x) most = std::max(most, std::abs(a.row(plane, y)[x] - b[y][x]));
  return most;
}

TEST(DomainTransform, SpreadsAnImpulseAsItsClosedForm) {
  constexpr int n = 401, middle = 200;
  std::vector<Rows> flat(3, Rows(1, std::vector<double>(n, 0.5))), impulse(1, Rows(1, std::vector<double>(n, 0.0)));
  impulse[0][0][middle] = 1;
  FloatPlanes out = planes_of(impulse);
  const DomainTransformOptions o{5.0f, 1.0f, 1};
  transform_of(flat, o).filter(DomainFilter::recursive, out, 1);
  const double a = std::exp(-std::sqrt(2.0) / 5.0);
  for (int x = 0; x < n; ++x)
    EXPECT_NEAR(out.row(0, 0)[x], (1 - a) / (1 + a) * std::pow(a, std::abs(x - middle)), 1e-6) << x;
}

TEST(DomainTransform, FollowsThePapersEquationsInAllVariants) {
  const auto guide = scene(53, 37, 1), picture = scene(53, 37, 2);
  const DomainTransformOptions o{8.0f, 0.5f, 3};
  const DomainTransform transform = transform_of(guide, o);
  const std::pair<DomainFilter, Line> variants[]{{DomainFilter::recursive, recursive_line},
                                                 {DomainFilter::normalized_convolution, normalized_line},
                                                 {DomainFilter::interpolated_convolution, interpolated_line}};
  for (const auto& [kind, line] : variants) {
    FloatPlanes out = planes_of(picture);
    transform.filter(kind, out, 2);
    for (int c = 0; c < 3; ++c)
      EXPECT_LT(largest_difference(out, c, filtered(picture[c], guide, o, line)),
                kind == DomainFilter::interpolated_convolution ? 1e-3 : 1e-5)
          << static_cast<int>(kind);
  }
}

TEST(DomainTransform, ExchangesDetailInTheLinearFormAsInThreeTerms) {
  const auto photo = scene(90, 61, 3), other = scene(90, 61, 4);
  auto change = other;
  for (int c = 0; c < 3; ++c)
    for (std::size_t y = 0; y < change[c].size(); ++y)
      for (std::size_t x = 0; x < change[c][y].size(); ++x) change[c][y][x] -= photo[c][y][x];
  const DomainTransform transform = transform_of(photo, {6.0f, 1.0f, 3});
  FloatPlanes smooth_photo = planes_of(photo), smooth_other = planes_of(other), smooth_change = planes_of(change);
  for (FloatPlanes* p : {&smooth_photo, &smooth_other, &smooth_change})
    transform.filter(DomainFilter::recursive, *p, 1);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < 61; ++y)
      for (int x = 0; x < 90; ++x)
        EXPECT_NEAR(photo[c][y][x] - smooth_photo.row(c, y)[x] + smooth_other.row(c, y)[x],
                    photo[c][y][x] + smooth_change.row(c, y)[x], 1e-5);
}

TEST(DomainTransform, GivesTheSameBitsForAnyNumberOfThreadsAndFromFiles) {
  const auto guide = scene(300, 270, 5);
  const DomainTransformOptions o{20.0f, 0.4f, 3};
  for (const DomainFilter kind :
       {DomainFilter::recursive, DomainFilter::normalized_convolution, DomainFilter::interpolated_convolution}) {
    FloatPlanes one = planes_of(guide), three = planes_of(guide, 0);
    transform_of(guide, o, 1).filter(kind, one, 1);
    transform_of(guide, o, 3).filter(kind, three, 3);
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < one.height(); ++y)
        ASSERT_TRUE(std::equal(one.row(c, y), one.row(c, y) + one.width(), three.row(c, y))) << c << ' ' << y;
  }
}

// So many planes go through in several bands, one in a single one.
TEST(DomainTransform, FiltersPlanesTogetherAsAlone) {
  const auto guide = scene(300, 270, 7);
  const DomainTransform transform = transform_of(guide, {20.0f, 0.4f, 3});
  FloatPlanes alone = planes_of({guide[1]}), together = planes_of(std::vector<Rows>(40, guide[1]));
  for (FloatPlanes* p : {&alone, &together}) transform.filter(DomainFilter::recursive, *p, 2);
  for (int c = 0; c < together.count(); ++c)
    for (int y = 0; y < alone.height(); ++y)
      ASSERT_TRUE(std::equal(alone.row(0, y), alone.row(0, y) + alone.width(), together.row(c, y))) << c << ' ' << y;
}

TEST(DomainTransform, DiffersByLittleBetweenInstructionSets) {
  const DomainTransformOptions o{20.0f, 0.4f, 3};
  for (const auto& [width, height] : {std::pair{120, 80}, {1, 1}, {1, 9}, {6, 1}, {3, 18}, {17, 33}, {5, 300}}) {
    const auto guide = scene(width, height, 6);
    FloatPlanes least = planes_of(guide);
    transform_of(guide, o, 1, Isa::plain).filter(DomainFilter::recursive, least, 1);
    for (const Isa isa : available_isas()) {
      FloatPlanes other = planes_of(guide);
      transform_of(guide, o, 1, isa).filter(DomainFilter::recursive, other, 1);
      for (int c = 0; c < 3; ++c)
        for (int y = 0; y < height; ++y)
          for (int x = 0; x < width; ++x)
            ASSERT_NEAR(other.row(c, y)[x], least.row(c, y)[x], 1.0 / 65535)
                << name_of(isa) << ' ' << width << ' ' << c << ' ' << x << ' ' << y;
    }
  }
}

}  // namespace
}  // namespace sfumato
