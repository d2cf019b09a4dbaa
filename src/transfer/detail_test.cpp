// SPDX-License-Identifier: Apache-2.0
#include "transfer/detail.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "sfumato/error.h"

namespace sfumato {
namespace {

Picture noisy_halves(int width, int height) {
  Picture p(width, height, Sample::u8);
  std::mt19937 random(5);
  for (int i = 0; i < width * height; ++i)
    for (int c = 0; c < 3; ++c)
      p.samples<std::uint8_t>()[3 * i + c] =
          static_cast<std::uint8_t>((i % width < width / 2 ? 60 : 190) + random() % 9);
  return p;
}

Picture made(const Picture& photo, DetailOptions o, const Picture* strokes = nullptr) {
  o.dither = false;
  Picture out(photo.width(), photo.height(), Sample::u8);
  render_whole(photo.view(), out.view(), o.threads,
               [&](const PictureSource& s) { return strokes ? colorized(s, *strokes, o) : detailed(s, o); });
  return out;
}

double deviation(const Picture& p, int x0, int x1) {
  double sum = 0, squares = 0, n = 0;
  for (int y = 0; y < p.height(); ++y)
    for (int x = x0; x < x1; ++x) {
      const double v = p.samples<std::uint8_t>()[3 * (y * p.width() + x)];
      sum += v, squares += v * v, ++n;
    }
  return std::sqrt(squares / n - sum / n * (sum / n));
}

TEST(Detail, AtZeroIsThePhoto) {
  const Picture photo = noisy_halves(150, 140);
  EXPECT_EQ(made(photo, {.detail = 0}).bytes(), photo.bytes());
}

TEST(Detail, BelowZeroSmoothsWithinEdgesAndKeepsThem) {
  const Picture photo = noisy_halves(160, 130);
  for (const DomainFilter variant :
       {DomainFilter::recursive, DomainFilter::normalized_convolution, DomainFilter::interpolated_convolution}) {
    const Picture smooth = made(photo, {.detail = -1, .variant = variant});
    EXPECT_LT(deviation(smooth, 5, 75), deviation(photo, 5, 75) / 2);
    const std::uint8_t* row = smooth.samples<std::uint8_t>() + 3 * 160 * 60;
    EXPECT_GT(row[3 * 80] - row[3 * 79], 90);
  }
}

TEST(Detail, AboveZeroEnhances) {
  const Picture photo = noisy_halves(160, 130);
  EXPECT_GT(deviation(made(photo, {.detail = 1}), 5, 75), 1.3 * deviation(photo, 5, 75));
}

TEST(Detail, DrawsLinesWhereEdgesAre) {
  const Picture photo = noisy_halves(160, 130), drawn = made(photo, {.detail = -1, .lines = 1});
  const std::uint8_t* row = drawn.samples<std::uint8_t>() + 3 * 160 * 60;
  EXPECT_LT(row[3 * 80], 20);
  EXPECT_GT(row[3 * 120], 180);
}

TEST(Detail, GivesTheSameBitsForAnyNumberOfThreads) {
  const Picture photo = noisy_halves(160, 290);
  EXPECT_EQ(made(photo, {.detail = 0.5f, .threads = 1}).bytes(), made(photo, {.detail = 0.5f, .threads = 3}).bytes());
}

TEST(Colorize, SpreadsStrokesUpToEdges) {
  const Picture photo = noisy_halves(120, 100);
  Picture strokes(120, 100, Sample::u8, 4);
  for (int y = 45; y < 55; ++y)
    for (int x = 20; x < 30; ++x) {
      std::uint8_t* p = strokes.samples<std::uint8_t>() + 4 * (y * 120 + x);
      p[0] = 200, p[1] = 40, p[2] = 40, p[3] = 255;
    }
  const Picture out = made(photo, {.reach = 0.3f, .edges = 0.3f}, &strokes);
  auto red = [&](int x, int y) {
    const std::uint8_t* p = out.samples<std::uint8_t>() + 3 * (y * 120 + x);
    return p[0] - p[1];
  };
  EXPECT_GT(red(25, 50), 20);
  EXPECT_GT(red(45, 70), 20);
  EXPECT_LT(std::abs(red(100, 50)), 15);
}

TEST(Colorize, RefusesStrokesThatDoNotFit) {
  const Picture photo = noisy_halves(40, 30);
  for (const Picture& strokes : {Picture(40, 30, Sample::u8), Picture(30, 30, Sample::u8, 4)})
    EXPECT_THROW(made(photo, {}, &strokes), Error);
}

}  // namespace
}  // namespace sfumato
