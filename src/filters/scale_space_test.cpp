// SPDX-License-Identifier: Apache-2.0
#include "filters/scale_space.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

namespace sfumato {
namespace {

using Sigma = ScaleSpace::Sigma;

Sigma constant(int width, float s) {
  return [=](int, float* sigma) { std::fill_n(sigma, width, s); };
}

// One number per pixel; the other channels are derived from it.
struct Gray {
  int width, height;
  std::vector<double> v;
  Gray(int w, int h) : width(w), height(h), v(static_cast<std::size_t>(w) * h) {}
  double& at(int x, int y) { return v[static_cast<std::size_t>(y) * width + x]; }
  double edge(int x, int y) const {
    x = std::clamp(x, 0, width - 1), y = std::clamp(y, 0, height - 1);
    return v[static_cast<std::size_t>(y) * width + x];
  }
};

// Blocks of noise, hard edges and single lines, right up to the borders.
Gray hard_picture(int width, int height) {
  Gray g(width, height);
  std::mt19937 random(5);
  std::uniform_real_distribution<float> unit(0.0f, 1.0f);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const int kind = (x / 37 + y / 29) % 5;
      const float noise = unit(random);
      g.at(x, y) = kind == 0   ? noise
                   : kind == 1 ? (noise < 0.5f ? 0.0f : 1.0f)
                   : kind == 2 ? (x % 19 == 0 || y % 23 == 0 ? 1.0f : 0.0f)
                               : static_cast<float>(kind == 3);
    }
  return g;
}

Gray exact_gaussian(const Gray& in, double sigma) {
  const int r = static_cast<int>(std::ceil(6 * sigma));
  std::vector<double> tap(2 * r + 1);
  double sum = 0;
  for (int i = -r; i <= r; ++i) sum += tap[i + r] = i == 0 ? 1.0 : std::exp(-0.5 * i * i / (sigma * sigma));
  Gray middle(in.width, in.height), out(in.width, in.height);
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width; ++x)
      for (int i = -r; i <= r; ++i) middle.at(x, y) += in.edge(x, y + i) * tap[i + r] / sum;
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width; ++x)
      for (int i = -r; i <= r; ++i) out.at(x, y) += middle.edge(x + i, y) * tap[i + r] / sum;
  return out;
}

void rows_of(const Gray& in, int y0, int y1, PlanarRows& rows) {
  rows.resize(in.width, y1 - y0);
  for (int y = y0; y < y1; ++y)
    for (int x = 0; x < in.width; ++x) {
      const float v = static_cast<float>(in.edge(x, y));
      rows.row(y - y0).channel[0][x] = v;
      rows.row(y - y0).channel[1][x] = 1.0f - v;
      rows.row(y - y0).channel[2][x] = 0.25f * v;
    }
}

struct Options {
  int band = 64, threads = 1;
  Isa isa = best_isa();
};

PlanarRows blur(const Gray& in, float low, float high, const Sigma& sigma, Options o = {}) {
  ScaleSpace space(in.width, in.height, low, high, o.isa);
  space.build([&](int y0, int y1, PlanarRows& rows) { rows_of(in, y0, y1, rows); }, o.threads);
  PlanarRows out, rows, soft;
  out.resize(in.width, in.height);
  for (int y0 = 0; y0 < in.height; y0 += o.band) {
    const int y1 = std::min(in.height, y0 + o.band);
    rows_of(in, std::max(0, y0 - space.halo()), std::min(in.height, y1 + space.halo()), rows);
    space.blur_band(rows, y0, y1, sigma, soft);
    for (int y = y0; y < y1; ++y)
      for (int c = 0; c < 3; ++c)
        std::memcpy(out.row(y).channel[c], soft.row(y - y0).channel[c], sizeof(float) * in.width);
  }
  return out;
}

double max_error(const PlanarRows& got, const Gray& want) {
  double error = 0;
  for (int y = 0; y < want.height; ++y)
    for (int x = 0; x < want.width; ++x) {
      const double w = want.edge(x, y);
      error = std::max(error, std::fabs(got.row(y).channel[0][x] - w));
      error = std::max(error, std::fabs(got.row(y).channel[1][x] - (1.0 - w)));
      error = std::max(error, std::fabs(got.row(y).channel[2][x] - 0.25 * w));
    }
  return error;
}

double max_difference(const PlanarRows& a, const PlanarRows& b) {
  double d = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int c = 0; c < 3; ++c)
      for (int x = 0; x < a.width(); ++x)
        d = std::max<double>(d, std::fabs(a.row(y).channel[c][x] - b.row(y).channel[c][x]));
  return d;
}

// Widths from 0 to `high` in a wave over both directions.
Sigma wave(int width, float high) {
  return [=](int y, float* sigma) {
    for (int x = 0; x < width; ++x)
      sigma[x] =
          std::max(0.0f, high * (0.55f + 0.5f * std::sin(x * 0.013f + 1.0f) * std::cos(y * 0.017f)) - 0.1f * high);
  };
}

TEST(ScaleSpace, MatchesTheTrueGaussianUpToTheBorders) {
  for (auto [w, h] : {std::pair{301, 223}, {256, 128}, {97, 340}}) {
    const Gray in = hard_picture(w, h);
    for (float sigma : {0.3f, 0.8f, 2.0f, 3.9f, 4.0f, 5.3f, 7.99f, 8.0f, 13.0f, 20.0f, 37.0f, 64.0f}) {
      const double error = max_error(blur(in, sigma, sigma, {}), exact_gaussian(in, sigma));
      EXPECT_LT(error, 0.0015) << sigma << " at " << w << "x" << h;
    }
  }
}

TEST(ScaleSpace, MatchesTheTrueGaussianWhereWidthsVary) {
  const Gray in = hard_picture(301, 223);
  for (float sigma = 0.1f; sigma < 40.0f; sigma *= 1.17f) {
    const double error = max_error(blur(in, 0.0f, 40.0f, constant(301, sigma)), exact_gaussian(in, sigma));
    EXPECT_LT(error, 0.0015) << sigma;
  }
}

TEST(ScaleSpace, MixesWithinAnyRangeOfWidths) {
  const Gray in = hard_picture(301, 223);
  struct {
    float low, high, sigma;
  } cases[]{{0.0f, 0.3f, 0.2f},  {0.0f, 0.5f, 0.5f},   {0.4f, 0.6f, 0.55f},   {2.0f, 3.0f, 2.5f},
            {5.0f, 12.0f, 7.0f}, {5.0f, 12.0f, 12.0f}, {20.0f, 21.0f, 20.5f}, {39.0f, 90.0f, 39.0f}};
  for (auto [low, high, sigma] : cases)
    EXPECT_LT(max_error(blur(in, low, high, constant(301, sigma)), exact_gaussian(in, sigma)), 0.0015)
        << low << " " << sigma;
  // Widths outside the range are those of its ends.
  EXPECT_EQ(0,
            max_difference(blur(in, 5.0f, 12.0f, constant(301, 99.0f)), blur(in, 5.0f, 12.0f, constant(301, 12.0f))));
  EXPECT_EQ(0, max_difference(blur(in, 5.0f, 12.0f, constant(301, 0.0f)), blur(in, 5.0f, 12.0f, constant(301, 5.0f))));
}

// The step is between pixels 399 and 400; the exact response is the sum of the sampled Gaussian's taps.
TEST(ScaleSpace, BlursAUnitStepByEveryWidth) {
  constexpr int n = 800;
  Gray in(n, 1);
  for (int x = 0; x < n; ++x) in.at(x, 0) = x >= n / 2;
  double worst = 0, at = 0;
  for (float high : {40.0f, 23.0f, 3.0f})
    for (float sigma = 0.3f; sigma <= high; sigma *= 1.021f) {
      const double error = max_error(blur(in, 0.0f, high, constant(n, sigma)), exact_gaussian(in, sigma));
      if (error > worst) worst = error, at = sigma;
    }
  EXPECT_LT(worst, 5e-4) << at;
}

TEST(ScaleSpace, GivesTheSameBitsForAnyBandsAndThreads) {
  const Gray in = hard_picture(611, 300);
  for (auto [low, high] : {std::pair{0.0f, 25.0f}, {9.0f, 9.0f}, {20.0f, 20.0f}, {3.0f, 3.0f}}) {
    const PlanarRows want = blur(in, low, high, wave(611, high), {.band = 300, .threads = 1});
    for (int band : {1, 7, 64, 97}) {
      const PlanarRows got = blur(in, low, high, wave(611, high), {.band = band, .threads = 3});
      for (int y = 0; y < 300; ++y)
        for (int c = 0; c < 3; ++c)
          ASSERT_EQ(0, std::memcmp(want.row(y).channel[c], got.row(y).channel[c], sizeof(float) * 611))
              << "row " << y << " in bands of " << band;
    }
  }
}

TEST(ScaleSpace, GivesTheSamePictureOnEveryInstructionSet) {
  const Gray in = hard_picture(411, 150);
  for (auto [low, high] : {std::pair{0.0f, 70.0f}, {0.0f, 9.0f}, {20.0f, 20.0f}, {3.0f, 3.0f}}) {
    const PlanarRows want = blur(in, low, high, wave(411, high), {.isa = Isa::plain});
    for (Isa isa : available_isas())
      EXPECT_LT(max_difference(want, blur(in, low, high, wave(411, high), {.isa = isa})), 1e-6) << name_of(isa);
  }
}

TEST(ScaleSpace, KeepsAConstantPicture) {
  Gray in(203, 101);
  for (double& v : in.v) v = 0.7;
  EXPECT_LT(max_error(blur(in, 0.0f, 60.0f, wave(203, 60.0f)), in), 1e-6);
  EXPECT_LT(max_error(blur(in, 50.0f, 50.0f, {}), in), 1e-6);
}

TEST(ScaleSpace, LeavesThePictureAloneWhereTheWidthIsZero) {
  const Gray in = hard_picture(523, 70);
  auto half = [](int, float* sigma) {
    for (int x = 0; x < 523; ++x) sigma[x] = x < 200 ? 0.0f : (x - 200) * 0.1f;
  };
  PlanarRows all, want;
  rows_of(in, 0, 70, want);
  for (auto& [high, columns] : {std::pair{33.0f, 200}, {0.0f, 523}}) {
    const PlanarRows got = blur(in, 0.0f, high, half);
    for (int y = 0; y < 70; ++y)
      for (int c = 0; c < 3; ++c)
        EXPECT_EQ(0, std::memcmp(want.row(y).channel[c], got.row(y).channel[c], sizeof(float) * columns)) << high;
  }
}

TEST(ScaleSpace, BlursPicturesOfAnySize) {
  for (auto [w, h] : {std::pair{1, 1}, {1, 50}, {50, 1}, {3, 2}, {17, 5}, {2, 33}}) {
    const Gray in = hard_picture(w, h);
    for (float sigma : {0.0f, 1.0f, 6.0f, 30.0f, 200.0f}) {
      const Gray want = exact_gaussian(in, sigma);
      EXPECT_LT(max_error(blur(in, sigma, sigma, {}), want), 0.0015) << w << "x" << h << " " << sigma;
      EXPECT_LT(max_error(blur(in, 0.0f, 200.0f, constant(w, sigma)), want), 0.0015) << w << "x" << h << " " << sigma;
    }
  }
}

TEST(ScaleSpace, ChangesWithoutSeamsAsTheWidthGrows) {
  const Gray in = hard_picture(160, 120);
  PlanarRows before = blur(in, 0.0f, 40.0f, constant(160, 0.01f));
  for (float sigma = 0.01f; sigma < 40.0f;) {
    const float next = sigma * 1.01f + 0.001f;
    PlanarRows after = blur(in, 0.0f, 40.0f, constant(160, next));
    // No picture of this range changes faster than by the relative change of its width, times 1.3.
    EXPECT_LT(max_difference(before, after), 1.5 * (next - sigma) / std::max(sigma, 0.2f) + 1e-6) << sigma;
    before = std::move(after), sigma = next;
  }
}

TEST(ScaleSpace, AsksForNoRowsWhenNothingIsReduced) {
  ScaleSpace space(100, 100, 0.0f, 1.5f);
  space.build([](int, int, PlanarRows&) { ADD_FAILURE(); }, 2);
  EXPECT_LE(space.halo(), 16);
  EXPECT_EQ(0, ScaleSpace(100, 100, 20.0f, 20.0f).halo());
}

TEST(ScaleSpace, StaysInRangeForWidthsJustBelowTheHighest) {
  for (Isa isa : available_isas())
    for (float high : {39.99998f, 40.0f, 40.00001f, 17.3f, 5.0f}) {
      ScaleSpace space(512, 40, 0.0f, high, isa);
      space.build(
          [](int y0, int y1, PlanarRows& rows) {
            rows.resize(512, y1 - y0);
            for (int y = 0; y < y1 - y0; ++y)
              for (int c = 0; c < 3; ++c) std::fill_n(rows.row(y).channel[c], 512, 0.5f);
          },
          1);
      PlanarRows rows, soft;
      rows.resize(512, 40);
      for (int y = 0; y < 40; ++y)
        for (int c = 0; c < 3; ++c) std::fill_n(rows.row(y).channel[c], 512, 0.5f);
      space.blur_band(
          rows, 0, 40,
          [&](int y, float* sigma) {
            float v = high;
            for (int x = 0; x < 512; ++x, v = std::nextafter(v, 0.0f)) sigma[x] = y % 2 ? v : v * 0.999999f;
          },
          soft);
      for (int x = 0; x < 512; ++x) ASSERT_NEAR(0.5f, soft.row(20).channel[1][x], 1e-5f) << name_of(isa);
    }
}

}  // namespace
}  // namespace sfumato
