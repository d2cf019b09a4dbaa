// SPDX-License-Identifier: Apache-2.0
#include "transfer/exchange.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/random.h"

namespace sfumato {
namespace {

constexpr int width = 120, height = 90;

// Gray: a slope, an edge, and texture.
float gray(int x, int y) {
  const float grain = static_cast<float>(random_uniform(3, static_cast<std::uint64_t>(y) * width + x)) - 0.5f;
  return 0.3f + 0.2f * static_cast<float>(y) / height + (x > width / 2 ? 0.3f : 0.0f) + 0.12f * grain;
}

float green_at(const Exchange& e, int x, int y, float v) {
  PlanarRows rows;
  rows.resize(1, 1);
  const Strip color = rows.row(0);
  for (float* c : color.channel) *c = v;
  e.apply(x, y, color, 1);
  return *color.channel[1];
}

Exchange exchange_with(const std::function<float(float)>& change, bool fits_detail, int threads = 0,
                       const std::function<float(int, int)>& photo = gray) {
  const ExchangeOptions o{.fits_detail = fits_detail};
  return exchanged(
      width, height, o,
      [&](int y0, int y1, PlanarRows& guide, PlanarRows& moved) {
        guide.resize(width, y1 - y0), moved.resize(width, y1 - y0);
        for (int y = y0; y < y1; ++y)
          for (int c = 0; c < 3; ++c)
            for (int x = 0; x < width; ++x) {
              guide.row(y - y0).channel[c][x] = photo(x, y);
              moved.row(y - y0).channel[c][x] = change(photo(x, y)) - photo(x, y);
            }
      },
      threads);
}

// Largest difference from `expected` of the photo's value.
float error_of(const Exchange& e, const std::function<float(float)>& expected) {
  float most = 0;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const float v = gray(x, y);
      most = std::max(most, std::abs(green_at(e, x, y, v) - expected(v)));
    }
  return most;
}

TEST(Exchange, LeavesAPhotoThatDoesNotChange) {
  const auto same = [](float v) { return v; };
  for (const bool fits_detail : {false, true}) EXPECT_LT(error_of(exchange_with(same, fits_detail), same), 1e-6f);
}

// Weaker light is a change of contrast, and detail changes with it; to the light's own detail nothing is to be added.
TEST(Exchange, KeepsDetailInProportionToTheContrast) {
  const auto weaker = [](float v) { return 0.25f + 0.5f * v; };
  EXPECT_LT(error_of(exchange_with(weaker, true), weaker), 1e-5f);
  EXPECT_GT(error_of(exchange_with(weaker, false), weaker), 0.01f);
  EXPECT_NEAR(exchange_with(weaker, true).contrast, 0.5f, 1e-4f);
}

TEST(Exchange, NeverMakesDetailStronger) {
  EXPECT_EQ(exchange_with([](float v) { return 1.5f * v - 0.3f; }, true).contrast, 1.0f);
}

// Tables end at white. What lights beyond lose by that says nothing of the rest.
TEST(Exchange, JudgesContrastWithoutLightsBeyondWhite) {
  const auto lit = [](int x, int y) { return x < 4 && y < 4 ? 7.0f : gray(x, y); };
  EXPECT_GT(exchange_with([](float v) { return std::min(v, 1.0f); }, true, 0, lit).contrast, 0.999f);
}

// All but black: half of the texture would lie below it.
TEST(Exchange, LeavesRoomForDetailInTheDark) {
  const auto dark = [](float v) { return v > 0.55f ? v : 0.0f; };
  double of_photo = 0, clipped = 0, fitted = 0;
  const Exchange plain = exchange_with(dark, false), fits = exchange_with(dark, true);
  for (int y = 0; y < height; ++y)
    for (int x = 1; x < width / 2 - 4; ++x) {
      const auto step = [&](const std::function<float(int)>& at) { return std::abs(at(x) - at(x - 1)); };
      const auto of = [&](const Exchange& e) { return step([&](int i) { return green_at(e, i, y, gray(i, y)); }); };
      of_photo += step([&](int i) { return gray(i, y); }), clipped += of(plain), fitted += of(fits);
    }
  EXPECT_LT(clipped, 0.6 * of_photo);
  EXPECT_GT(fitted, 0.85 * fits.contrast * of_photo);
}

TEST(Exchange, GivesTheSameBitsForAnyNumberOfThreads) {
  const auto dark = [](float v) { return v * v; };
  const Exchange one = exchange_with(dark, true, 1), three = exchange_with(dark, true, 3);
  EXPECT_EQ(one.contrast, three.contrast);
  for (int y = 0; y < height; ++y)
    EXPECT_TRUE(std::equal(one.change.row(0, y), one.change.row(0, y) + width, three.change.row(0, y)));
}

}  // namespace
}  // namespace sfumato
