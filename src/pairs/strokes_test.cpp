// SPDX-License-Identifier: Apache-2.0
#include "pairs/strokes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>
#include <tuple>

#include "base/random.h"

namespace sfumato {
namespace {

constexpr int width = 120, height = 90;

Picture noise_over_halves() {
  Picture p(width, height, Sample::f32);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c) {
        const int i = 3 * (y * width + x) + c;
        const float half = x < 47 ? 0.25f : c == 0 ? 0.8f : 0.6f;
        p.samples<float>()[i] = half + 0.05f * static_cast<float>(random_uniform(1, i) - 0.5);
      }
  return p;
}

TEST(Strokes, HaveOneColorEach) {
  Picture p = noise_over_halves();
  paint_strokes(p, 15);
  std::set<std::tuple<float, float, float>> colors;
  for (const float* v = p.samples<float>(); v < p.samples<float>() + p.sample_count(); v += 3)
    colors.insert({v[0], v[1], v[2]});
  EXPECT_LE(colors.size(), 8u * 6u);
  EXPECT_GE(colors.size(), 24u);
}

TEST(Strokes, KeepTheMeanColor) {
  Picture p = noise_over_halves();
  const auto sum = [&] { return std::accumulate(p.samples<float>(), p.samples<float>() + p.sample_count(), 0.0); };
  const double before = sum();
  paint_strokes(p, 15);
  EXPECT_NEAR(sum() / before, 1, 1e-5);
}

TEST(Strokes, EndAtEdges) {
  Picture p = noise_over_halves();
  paint_strokes(p, 15);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      ASSERT_NEAR(p.samples<float>()[3 * (y * width + x)], x < 47 ? 0.25f : 0.8f, 0.03f) << x << ", " << y;
}

TEST(Strokes, NarrowerThanTwoPixelsChangeNothing) {
  Picture p = noise_over_halves();
  paint_strokes(p, 1.9);
  EXPECT_EQ(p.bytes(), noise_over_halves().bytes());
}

}  // namespace
}  // namespace sfumato
