// SPDX-License-Identifier: Apache-2.0
#include "paint/patch_index.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/random.h"

namespace sfumato {
namespace {

constexpr int everywhere = std::numeric_limits<int>::max();

std::vector<float> random_points(int count, int dimensions, std::uint64_t seed) {
  std::vector<float> all(static_cast<std::size_t>(count) * dimensions);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<float>(random_normal(seed, i));
  return all;
}

// One after the other, in double precision.
double least_cost(const std::vector<float>& points, int dimensions, const float* query,
                  const std::vector<float>& penalties) {
  double least = std::numeric_limits<double>::max();
  for (std::size_t p = 0; p < penalties.size(); ++p) {
    double sum = penalties[p];
    for (int d = 0; d < dimensions; ++d) {
      const double step = static_cast<double>(points[p * dimensions + d]) - query[d];
      sum += step * step;
    }
    least = std::min(least, sum);
  }
  return least;
}

TEST(PatchIndex, FindsWhatLookingAtEveryPointFinds) {
  for (const int count : {1, 31, 33, 2000})
    for (const int dimensions : {1, 5, 24}) {
      const std::vector<float> points = random_points(count, dimensions, 1), queries = random_points(50, dimensions, 2);
      std::vector<float> penalties(static_cast<std::size_t>(count));
      for (std::size_t i = 0; i < penalties.size(); ++i) penalties[i] = static_cast<float>(10 * random_uniform(3, i));
      PatchIndex index(points, dimensions);
      index.set_penalties(penalties);
      for (int q = 0; q < 50; ++q) {
        const float* query = &queries[static_cast<std::size_t>(q) * dimensions];
        const PatchIndex::Found found = index.nearest(query, {}, everywhere);
        EXPECT_NEAR(found.cost, least_cost(points, dimensions, query, penalties), 1e-4);
        EXPECT_FLOAT_EQ(found.cost, index.cost(query, found.point));
      }
    }
}

TEST(PatchIndex, FindsEqualPointsOnce) {
  PatchIndex index(std::vector<float>(3 * 500, 0.25f), 3);
  const float query[]{0.25f, 0.25f, 0.25f};
  const PatchIndex::Found found = index.nearest(query, {}, everywhere);
  EXPECT_GE(found.point, 0);
  EXPECT_EQ(found.cost, 0);
}

TEST(PatchIndex, NeverReturnsWorseThanItStartedWith) {
  const std::vector<float> points = random_points(4000, 16, 4), queries = random_points(100, 16, 5);
  const PatchIndex index(points, 16);
  for (int q = 0; q < 100; ++q) {
    const float* query = &queries[static_cast<std::size_t>(q) * 16];
    const PatchIndex::Found start{q, index.cost(query, q)};
    EXPECT_LE(index.nearest(query, start, 1).cost, start.cost);
  }
}

}  // namespace
}  // namespace sfumato
