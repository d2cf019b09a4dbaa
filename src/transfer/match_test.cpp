// SPDX-License-Identifier: Apache-2.0
#include "transfer/match.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <utility>

#include "color/lab.h"
#include "color/transfer.h"
#include "lane/scalar.h"
#include "measure/edge_ssim.h"
#include "measure/sliced_distance.h"
#include "transfer/color_map.h"
#include "transfer/curve_match.h"
#include "transfer/match_file.h"
#include "transfer/regions.h"
#include "transfer/transport.h"

namespace sfumato {
namespace {

constexpr MatchMethod all_methods[]{MatchMethod::transport, MatchMethod::cdf, MatchMethod::cdf_rgb,
                                    MatchMethod::mean_std};

// Smooth colors with an edge and noise; `warm` turns its tones.
Picture scene(int width, int height, float warm) {
  Picture p(width, height, Sample::u8);
  std::mt19937 random(7);
  std::uniform_real_distribution<float> noise(-6, 6);
  std::uint8_t* out = p.samples<std::uint8_t>();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x, out += 3) {
      const float u = static_cast<float>(x) / static_cast<float>(width),
                  v = static_cast<float>(y) / static_cast<float>(height);
      const float base = u > 0.5f + 0.2f * v ? 180.0f : 60.0f, grain = noise(random);
      const float rgb[3]{base * (1 + 0.4f * warm) + 30 * v, base + 20 * u, base * (1 - 0.5f * warm) + 40 * (1 - v)};
      for (int c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(std::clamp(rgb[c] + grain, 0.0f, 255.0f));
    }
  return p;
}

View seen(const Picture& p) { return p.view(); }

Picture matched(const Picture& photo, const Picture& reference, const MatchOptions& o = {}, MatchRender render = {}) {
  render.dither = false;
  Picture out(photo.width(), photo.height(), Sample::u8);
  const auto table =
      std::make_shared<const CubeTable>(match_colors(sample_colors(seen(photo)), sample_colors(seen(reference)), o));
  render_match({{table, {}}}, photo.view(), out.view(), render);
  return out;
}

int largest_difference(const Picture& a, const Picture& b) {
  int most = 0;
  for (std::size_t i = 0; i < a.sample_count(); ++i)
    most = std::max(most, std::abs(a.samples<std::uint8_t>()[i] - b.samples<std::uint8_t>()[i]));
  return most;
}

TEST(Match, ReturnsThePhotoWhenItIsItsOwnReference) {
  const Picture photo = scene(160, 100, 0.2f);
  for (const MatchMethod method : all_methods)
    for (const bool keeps_edges : {true, false}) {
      MatchOptions o;
      o.method = method;
      EXPECT_LE(largest_difference(matched(photo, photo, o, {keeps_edges}), photo), 1)
          << static_cast<int>(method) << keeps_edges;
    }
}

// Its detail, too, which is the photo's but for its colors.
TEST(Match, ToBlackAndWhiteIsBlackAndWhite) {
  const Picture photo = scene(160, 100, 0.9f);
  Picture reference = scene(150, 120, 0.0f);
  for (std::size_t i = 0; i < reference.sample_count(); ++i)
    reference.samples<std::uint8_t>()[i] = reference.samples<std::uint8_t>()[i / 3 * 3 + 1];
  for (const MatchMethod method : all_methods) {
    MatchOptions o;
    o.method = method;
    const Picture out = matched(photo, reference, o);
    for (std::size_t i = 0; i < out.sample_count(); i += 3) {
      const auto [low, high] = std::minmax({out.samples<std::uint8_t>()[i], out.samples<std::uint8_t>()[i + 1],
                                            out.samples<std::uint8_t>()[i + 2]});
      ASSERT_LE(high - low, 1) << static_cast<int>(method) << ' ' << i;
    }
  }
}

TEST(Match, BringsTheColorsOfTheReferenceAndKeepsTheEdgesOfThePhoto) {
  const Picture photo = scene(160, 100, -0.5f), reference = scene(150, 120, 0.7f);
  const double before = sliced_color_distance(seen(photo), seen(reference));
  ASSERT_GT(before, 30);
  for (const MatchMethod method : all_methods) {
    MatchOptions o;
    o.method = method;
    const Picture out = matched(photo, reference, o);
    const bool is_default = method == MatchMethod::transport;
    EXPECT_LT(sliced_color_distance(seen(out), seen(reference)), before * (is_default ? 0.33 : 0.67))
        << static_cast<int>(method);
    if (is_default) {
      EXPECT_GT(edge_ssim(seen(out), seen(photo)), 0.95);
    }
  }
}

TEST(Match, GivesTheSameBitsForAnyNumberOfThreads) {
  const Picture photo = scene(333, 270, -0.5f), reference = scene(300, 240, 0.7f);
  EXPECT_EQ(matched(photo, reference, {}, {.threads = 1}).bytes(),
            matched(photo, reference, {}, {.threads = 3}).bytes());
}

TEST(Match, AtStrengthZeroChangesNothing) {
  const Picture photo = scene(120, 90, -0.5f), reference = scene(100, 80, 0.7f);
  MatchOptions o;
  o.strength = 0;
  EXPECT_EQ(largest_difference(matched(photo, reference, o), photo), 0);
}

TEST(Match, TakesOverLuminanceOrColorAlone) {
  const ColorSamples photo = sample_colors(seen(scene(120, 90, -0.3f))),
                     reference = sample_colors(seen(scene(120, 90, 0.4f)));
  auto oklab_at = [](const CubeTable& t, int i) {
    return linear_to_oklab(srgb_decode(Rgb<float>{t.nodes[4 * i], t.nodes[4 * i + 1], t.nodes[4 * i + 2]}));
  };
  const CubeTable before = [&] {
    MatchOptions o;
    o.strength = 0;
    return match_colors(photo, reference, o);
  }();
  MatchOptions luminance, color;
  luminance.only = MatchOnly::luminance, color.only = MatchOnly::color;
  const CubeTable by_luminance = match_colors(photo, reference, luminance),
                  by_color = match_colors(photo, reference, color);
  // In the middle of the cube, where no gamut ends.
  const int middle = (16 * 33 + 16) * 33 + 15;
  const Rgb<float> from = oklab_at(before, middle), l = oklab_at(by_luminance, middle), c = oklab_at(by_color, middle);
  EXPECT_NEAR(l.g, from.g, 2e-3);
  EXPECT_NEAR(l.b, from.b, 2e-3);
  EXPECT_NEAR(c.r, from.r, 2e-3);
  EXPECT_GT(std::hypot(c.g - from.g, c.b - from.b), 0.01);
}

TEST(Match, MapsNormalDistributionsByTheClosedForm) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  ColorSamples a, b;
  for (int i = 0; i < 20000; ++i) {
    a.lab.push_back({0.5f + 0.1f * normal(random), 0.05f * normal(random), 0.02f * normal(random)});
    b.lab.push_back({0.4f + 0.2f * normal(random), 0.1f + 0.02f * normal(random), 0.03f * normal(random)});
    a.weight.push_back(1), b.weight.push_back(1);
  }
  // Independent axes: the optimal map scales each by the ratio of deviations, here with the regularization's variance.
  const AffineMap map = monge_kantorovich(a, b);
  const double ratio[3]{std::sqrt((0.04 + 1e-5) / (0.01 + 1e-5)), std::sqrt((4e-4 + 1e-5) / (2.5e-3 + 1e-5)),
                        std::sqrt((9e-4 + 1e-5) / (4e-4 + 1e-5))};
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(map.m[i], i % 4 == 0 ? ratio[i / 4] : 0, 0.05) << i;
  const Rgb<float> mean = map({0.5f, 0, 0});
  EXPECT_NEAR(mean.r, 0.4, 5e-3);
  EXPECT_NEAR(mean.g, 0.1, 5e-3);
  EXPECT_NEAR(mean.b, 0, 5e-3);
}

TEST(MatchCurve, IsTheExactTransferOfDistributions) {
  // From uniform on 0..1 to the squares of uniform: v -> v^2.
  std::vector<float> from, to, weight;
  for (int i = 0; i < 20000; ++i) {
    const float v = (static_cast<float>(i) + 0.5f) / 20000;
    from.push_back(v), to.push_back(v * v), weight.push_back(1);
  }
  const MatchCurve curve = match_distributions({from, weight}, {to, weight}, 257);
  for (float v = 0.05f; v < 1; v += 0.05f) EXPECT_NEAR(curve(v), v * v, 1e-3) << v;
}

TEST(MatchCurve, KeepsItsSlopesWithinLimits) {
  std::vector<float> from, to, weight(1000, 1.0f);
  for (int i = 0; i < 1000; ++i)
    from.push_back(0.5f + 1e-3f * static_cast<float>(i % 7)), to.push_back(i < 500 ? 0.0f : 1.0f);
  from[0] = 0, from[1] = 1;
  const MatchCurve curve = match_distributions({from, weight}, {to, weight}, 65, {0.25f, 4.0f});
  for (std::size_t i = 0; i + 1 < curve.knots.size(); ++i) {
    const float slope = (curve.knots[i + 1] - curve.knots[i]) * curve.scale;
    EXPECT_GE(slope, 0.249f);
    EXPECT_LE(slope, 4.001f);
  }
}

TEST(Match, CompressesTheGamutAlongConstantHueAndLightness) {
  const Rgb<float> lab{0.7f, 0.25f, -0.2f};
  const Rgb<float> inside = compress_gamut(srgb_encode(oklab_to_linear(lab)));
  for (const float c : {inside.r, inside.g, inside.b}) EXPECT_NEAR(c, 0.5f, 0.501f);
  const Rgb<float> back = linear_to_oklab(srgb_decode(inside));
  EXPECT_NEAR(back.r, lab.r, 2e-3);
  EXPECT_NEAR(std::atan2(back.b, back.g), std::atan2(lab.b, lab.g), 2e-2);
}

TEST(Regions, OfMasksShareEveryPixel) {
  Picture mask(64, 32, Sample::u8);
  for (int i = 0; i < 64 * 32; ++i) {
    std::uint8_t* p = mask.samples<std::uint8_t>() + 3 * i;
    p[0] = 0, p[1] = i % 64 < 20 ? 250 : 0, p[2] = i % 64 < 20 ? 0 : 240;
  }
  const RegionShares shares = regions_of_mask(seen(mask));
  int found = 0;
  double sum = 0;
  for (const Plane& p : shares) {
    found += p.width > 0;
    for (const float v : p.values) sum += v;
  }
  EXPECT_EQ(found, 2);
  EXPECT_NEAR(sum, 64 * 32, 1e-3);
  EXPECT_EQ(shares[4].row(5)[10], 1.0f);
  EXPECT_EQ(shares[5].row(5)[40], 1.0f);
}

TEST(Regions, FoundByThemselvesPairSkyWithSky) {
  // A bright blue upper half over a dark brown lower one; in the reference a dim orange sky over black land.
  auto halves = [](const int(&up)[3], const int(&low)[3]) {
    Picture p(80, 60, Sample::u8);
    for (int i = 0; i < 80 * 60; ++i)
      for (int c = 0; c < 3; ++c)
        p.samples<std::uint8_t>()[3 * i + c] = static_cast<std::uint8_t>(i < 80 * 30 ? up[c] : low[c]);
    return p;
  };
  const Picture photo = halves({120, 180, 240}, {70, 50, 30}), reference = halves({170, 90, 40}, {8, 8, 10});
  const View references[]{seen(reference)};
  const auto shares = find_regions(seen(photo), references, 2);
  ASSERT_EQ(shares.size(), 2u);
  for (const Plane& p : shares[0]) EXPECT_EQ(p.values.size(), shares[0][0].values.size());
  const int sky = shares[0][0].row(2)[10] > 0.5f ? 0 : 1;
  EXPECT_GT(shares[0][sky].row(2)[10], 0.9f);
  EXPECT_GT(shares[1][sky].row(2)[10], 0.9f);
  EXPECT_LT(shares[1][sky].row(40)[10], 0.1f);
  EXPECT_NEAR(shares[0][0].row(7)[9] + shares[0][1].row(7)[9], 1, 1e-6);
}

}  // namespace
}  // namespace sfumato
