// SPDX-License-Identifier: Apache-2.0
// Each operation against its closed form; what holds for all is in tests/every_op_test.cpp.
#include <gtest/gtest.h>

#include <cmath>

#include "color/lab.h"
#include "color/transfer.h"
#include "lane/scalar.h"
#include "ops_list.h"

namespace sfumato {
namespace {

using Color = Rgb<double>;
const Site<double> middle{0, 0, 0.8, 0.6, 0.0005, nullptr};

template <class Op>
Color run(const Color& c, std::initializer_list<std::pair<int, double>> knobs, const Site<double>& at = middle) {
  double values[value_count<Op>()];
  int i = 0;
  for (const Knob& k : Op::knobs)
    for (int j = 0; j < k.count; ++j) values[i++] = k.initial();
  for (const auto& [index, v] : knobs) values[index] = v;
  return Op::apply(c, at, Op::prepare(static_cast<const double*>(values)));
}

double luminance(const Color& c) { return 0.212639 * c.r + 0.715169 * c.g + 0.072192 * c.b; }

TEST(Exposure, DoublesLightPerStop) { EXPECT_DOUBLE_EQ(0.8, run<Exposure>({0.1, 0.2, 0.4}, {{0, 1}}).b * 1.0); }

TEST(WhiteBalance, KeepsTheLuminanceOfGrays) {
  for (double t : {-80.0, -20.0, 30.0, 90.0}) {
    const Color c = run<WhiteBalance>({0.5, 0.5, 0.5}, {{0, t}, {1, t / 4}, {2, t / 20}});
    EXPECT_NEAR(0.5, luminance(c), 2e-3) << t;
  }
}

TEST(WhiteBalance, MovesGrayAlongThePlanckianLocus) {
  // 153.75 + 100 mired is 3941 K, of x = 0.3829, y = 0.3809 [CIE15, Planck].
  const Color base = run<WhiteBalance>({1, 1, 1}, {}), warm = run<WhiteBalance>({1, 1, 1}, {{0, 100}});
  EXPECT_NEAR(1.0, base.r, 1e-12);
  EXPECT_GT(warm.r, 1.2);
  EXPECT_LT(warm.b, 0.6);
  const double x = 0.412391 * warm.r + 0.357584 * warm.g + 0.180481 * warm.b, y = luminance(warm),
               z = 0.019331 * warm.r + 0.119195 * warm.g + 0.950532 * warm.b;
  // The adapted white keeps D65's offset from the locus, so the two agree to a hundredth.
  EXPECT_NEAR(0.3829, x / (x + y + z), 0.012);
  EXPECT_NEAR(0.3809, y / (x + y + z), 0.012);
}

TEST(ToneCurve, PassesThroughItsKnots) {
  for (int i = 0; i < 9; ++i) {
    const double x = i / 8.0, offset = 0.03 * std::sin(i);
    std::initializer_list<std::pair<int, double>> knobs{{3, 0.0},
                                                        {4, 0.03 * std::sin(1)},
                                                        {5, 0.03 * std::sin(2)},
                                                        {6, 0.03 * std::sin(3)},
                                                        {7, 0.03 * std::sin(4)},
                                                        {8, 0.03 * std::sin(5)},
                                                        {9, 0.03 * std::sin(6)},
                                                        {10, 0.03 * std::sin(7)},
                                                        {11, 0.03 * std::sin(8)}};
    EXPECT_NEAR(x + offset, run<ToneCurve>({x, x, x}, knobs).g, 1e-7) << i;
  }
}

TEST(ToneCurve, NeverFalls) {
  for (double contrast : {-1.0, 1.0})
    for (double knot : {-0.5, 0.5}) {
      double last = -1e9;
      for (int i = -100; i <= 1500; ++i) {
        const double y =
            run<ToneCurve>(Color{1, 1, 1} * (i / 1000.0), {{0, contrast}, {1, 4}, {2, -4}, {6, knot}, {8, -knot}}).r;
        EXPECT_GE(y, last - 1e-12) << i;
        last = y;
      }
    }
}

TEST(ToneCurve, MovesOnlyTheChannelItNames) {
  const Color c = run<ToneCurve>({0.5, 0.5, 0.5}, {{12 + 4, 0.1}});
  EXPECT_NEAR(0.6, c.r, 1e-7);
  EXPECT_EQ(0.5, c.g);
}

TEST(ColorMatrix, MixesChannels) {
  const Color c = run<ColorMatrix>({0.2, 0.4, 0.8}, {{0, -0.5}, {1, 0.25}, {2, 0.25}});
  EXPECT_NEAR(0.1 + 0.1 + 0.2, c.r, 1e-7);
  EXPECT_EQ(0.4, c.g);
}

TEST(Saturation, IsGrayAtMinusOneAndKeepsLightness) {
  const Color lab = linear_to_oklab(Color{0.8, 0.1, 0.3}), gray = run<Saturation>(lab, {{0, -1}});
  EXPECT_EQ(lab.r, gray.r);
  EXPECT_NEAR(0.0, std::hypot(gray.g, gray.b), 1e-12);
  const Color more = run<Saturation>(lab, {{0, 0.3}});
  EXPECT_NEAR(std::hypot(lab.g, lab.b) * 1.3, std::hypot(more.g, more.b), 1e-6);
}

TEST(Saturation, VibranceSparesSaturatedColors) {
  auto gain = [](double chroma) { return run<Saturation>({0.6, chroma, 0}, {{1, 0.5}}).g / chroma; };
  EXPECT_GT(gain(0.02), gain(0.1));
  EXPECT_GT(gain(0.1), gain(0.3));
}

TEST(HueBands, TurnsOnlyTheBandNamed) {
  auto at = [](double degrees) {
    return Color{0.6, 0.15 * std::cos(degrees * M_PI / 180), 0.15 * std::sin(degrees * M_PI / 180)};
  };
  auto hue = [](const Color& c) { return std::atan2(c.b, c.g) * 180 / M_PI; };
  // Blue is band 5, at OKLab hue 264.
  EXPECT_NEAR(264 + 30 - 360, hue(run<HueBands>(at(264), {{5, 1}})), 0.5);
  EXPECT_NEAR(29, hue(run<HueBands>(at(29), {{5, 1}})), 0.01);
  EXPECT_NEAR(142, hue(run<HueBands>(at(142), {{5, 1}})), 0.01);
}

TEST(HueBands, LeavesGraysAlone) {
  const Color c = run<HueBands>({0.5, 0, 0}, {{0, 1}, {8, 1}, {16, 1}});
  EXPECT_EQ(0.5, c.r);
  EXPECT_EQ(0.0, c.g);
}

TEST(ColorChrome, DarkensSaturatedColorsOnly) {
  EXPECT_EQ(0.6, run<ColorChrome>({0.6, 0.01, 0.01}, {{0, 1}}).r);
  EXPECT_LT(run<ColorChrome>({0.6, 0.25, 0.05}, {{0, 1}}).r, 0.5);
  EXPECT_LT(run<ColorChrome>({0.5, -0.05, -0.2}, {{1, 1}}).r, run<ColorChrome>({0.5, 0.2, 0.05}, {{1, 1}}).r);
}

TEST(Gamut, HoldsSmallChannelsAboveZeroAndLeavesOthersAlone) {
  // The knee is at 0.1 of the largest channel: below it 0.05^2 / (0.1 - v) for a largest of 0.5.
  const std::initializer_list<std::pair<int, double>> knobs{{0, 1}, {1, 0.1}};
  for (const double v : {-1.0, -0.1, 0.0, 0.04})
    EXPECT_NEAR(0.0025 / (0.1 - v), run<Gamut>({v, 0.5, 0.3}, knobs).r, 1e-9);
  const Color c = run<Gamut>({-0.2, 0.5, 0.06}, knobs);
  EXPECT_EQ(0.5, c.g);
  EXPECT_EQ(0.06, c.b);
  const double below = run<Gamut>({0.049, 0.5, 0.3}, knobs).r, above = run<Gamut>({0.051, 0.5, 0.3}, knobs).r;
  EXPECT_NEAR(1.0, (above - below) / 0.002, 0.02);
  EXPECT_EQ(-0.2, run<Gamut>({-0.2, 0.5, 0.3}, {{0, 0}}).r);
}

TEST(SplitTone, TintsShadowsAndLightsApart) {
  const Color dark = run<SplitTone>({0.3, 0, 0}, {{0, 264}, {1, 1}, {2, 70}, {3, 1}}),
              light = run<SplitTone>({0.8, 0, 0}, {{0, 264}, {1, 1}, {2, 70}, {3, 1}});
  EXPECT_LT(dark.b, -0.03);
  EXPECT_GT(light.b, 0.03);
  const Color white = run<SplitTone>({1.0, 0, 0}, {{1, 1}, {3, 1}});
  EXPECT_EQ(0.0, white.g);
}

TEST(QuadraticLab, IsThePolynomialOfItsTenTerms) {
  // L' = L + 0.5 L^2 + 0.25; a' = a - 0.5 ab; b' = b + 2 a.
  const Color c = run<QuadraticLab>({0.5, 0.2, -0.1}, {{0, 0.5}, {9, 0.25}, {15, -0.5}, {27, 2}});
  EXPECT_NEAR(0.5 + 0.125 + 0.25, c.r, 1e-7);
  EXPECT_NEAR(0.2 + 0.5 * 0.02, c.g, 1e-7);
  EXPECT_NEAR(-0.1 + 0.4, c.b, 1e-7);
}

TEST(Vignette, HalvesTheCornerAtMinusOneStopAndNeverTouchesTheMiddle) {
  Site<double> corner = middle;
  corner.x = 0.8, corner.y = 0.6;
  EXPECT_NEAR(0.25, run<Vignette>({0.5, 0.5, 0.5}, {{0, -1}}, corner).g, 1e-7);
  EXPECT_EQ(0.5, run<Vignette>({0.5, 0.5, 0.5}, {{0, -3}, {1, 0}}).g);
}

TEST(Vignette, AsAnEllipseReachesAllSidesAlike) {
  const double t = (std::sqrt(0.5) - 0.3) / 0.7, stops = t * t * (3 - 2 * t);
  Site<double> side = middle, above = middle, corner = middle;
  side.x = 0.8, above.y = -0.6, corner.x = 0.8, corner.y = 0.6;
  for (const auto& at : {side, above})
    EXPECT_NEAR(0.5 * std::exp2(-stops), run<Vignette>({0.5, 0.5, 0.5}, {{0, -1}, {4, 0}}, at).g, 1e-6);
  EXPECT_NEAR(0.25, run<Vignette>({0.5, 0.5, 0.5}, {{0, -1}, {4, 0}}, corner).g, 1e-6);
}

TEST(Grain, HasZeroMeanAndTheSamePatternAtAnySize) {
  double sum = 0, square = 0;
  int n = 0;
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 200; ++x, ++n) {
      Site<double> at = middle;
      at.x = (x - 100) * 0.0005, at.y = (y - 100) * 0.0005;
      const double d = run<Grain>({0.5, 0.5, 0.5}, {{0, 0.5}, {2, 0}}, at).g - 0.5;
      sum += d, square += d * d;
    }
  EXPECT_NEAR(0.0, sum / n, 3e-3);
  EXPECT_NEAR(0.05, std::sqrt(square / n), 0.025);
}

TEST(Grain, HasItsSizeInEveryDirectionAndTheSameStrengthAllOver) {
  constexpr double clump = 14.0 / 21633.0;
  auto grain = [](double x, double y) {
    Site<double> at = middle;
    at.x = x * clump, at.y = y * clump;
    return run<Grain>({0.5, 0.5, 0.5}, {{0, 1}, {2, 0}}, at).g - 0.5;
  };
  // Correlation at 0.64 of a clump, in six directions.
  constexpr int n = 40'000;
  double square = 0.0, product[6]{};
  for (int i = 0; i < n; ++i) {
    const double x = i % 200 * 5.31, y = i / 200 * 5.17, here = grain(x, y);
    square += here * here;
    for (int d = 0; d < 6; ++d)
      product[d] += here * grain(x + 0.64 * std::cos(d * M_PI / 6), y + 0.64 * std::sin(d * M_PI / 6));
  }
  EXPECT_NEAR(0.0971, std::sqrt(square / n), 0.002);
  for (double p : product) EXPECT_NEAR(0.5, p / square, 0.04);
  // Fourier terms of the variance at the lattice's own periods: value noise on squares has a third.
  const CoeffsOf<Grain, double> k = Grain::prepare(std::initializer_list<double>{1.0, 14.0, 0.0, 0.0}.begin());
  for (const auto& [a, b] : {std::pair{1, 0}, {0, 1}, {1, -1}}) {
    double real = 0.0, imaginary = 0.0;
    for (int i = 0; i < n; ++i) {
      const double x = i % 200 * 5.31, y = i / 200 * 5.17, power = std::pow(grain(x, y), 2);
      const double phase = 2 * M_PI * clump * (a * (x * k[0] + y * k[1]) + b * (x * k[2] + y * k[3]));
      real += power * std::cos(phase), imaginary += power * std::sin(phase);
    }
    EXPECT_LT(2 * std::hypot(real, imaginary) / square, 0.06);
  }
}

TEST(Grain, IsStrongestInTheMidtones) {
  auto size = [](double tone) {
    double square = 0;
    for (int i = 0; i < 500; ++i) {
      Site<double> at = middle;
      at.x = i * 0.0013;
      square += std::pow(run<Grain>({tone, tone, tone}, {{0, 0.5}}, at).g - tone, 2);
    }
    return square;
  };
  EXPECT_GT(size(0.5), 2 * size(0.95));
  EXPECT_GT(size(0.5), 2 * size(0.03));
}

TEST(TiltShift, GrowsFromTheBandToFullBlurAtAnyAngle) {
  double knobs[value_count<TiltShift>()];
  int i = 0;
  for (const Knob& k : TiltShift::knobs) knobs[i++] = k.initial();
  knobs[0] = 10, knobs[2] = 0.5, knobs[3] = 0.2, knobs[4] = 0.2;
  auto sigma = [&](double x, double y) {
    Site<double> at = middle;
    at.x = x, at.y = y;
    return TiltShift::sigma(at, TiltShift::prepare(static_cast<const double*>(knobs)));
  };
  // Half the band is 0.1 of the height 1.2; full blur begins 0.2 of it further out.
  EXPECT_EQ(0.0, sigma(0.3, 0.119));
  EXPECT_NEAR(0.01, sigma(0, 0.12 + 0.12), 1e-9);
  EXPECT_NEAR(0.02, sigma(0, 0.12 + 0.24), 1e-9);
  EXPECT_NEAR(sigma(0, 0.3), sigma(0, -0.3), 1e-12);
  knobs[5] = 90;
  EXPECT_EQ(0.0, sigma(0.0, 0.5));
  EXPECT_NEAR(0.02, sigma(0.5, 0.0), 1e-9);
}

TEST(Colors, GoToOklabAndBack) {
  // [Ottosson2020]: white is (1, 0, 0); the red primary is (0.627955, 0.224863, 0.125846).
  const Color white = linear_to_oklab(Color{1, 1, 1}), red = linear_to_oklab(Color{1, 0, 0});
  EXPECT_NEAR(1.0, white.r, 1e-6);
  EXPECT_NEAR(0.0, white.g, 1e-6);
  EXPECT_NEAR(0.627955, red.r, 1e-5);
  EXPECT_NEAR(0.224863, red.g, 1e-5);
  EXPECT_NEAR(0.125846, red.b, 1e-5);
  const Color back = oklab_to_linear(red);
  EXPECT_NEAR(1.0, back.r, 1e-6);
  EXPECT_NEAR(0.0, back.g, 1e-6);
}

TEST(Colors, GoToCielabAndBack) {
  // sRGB red is L* 53.2408, a* 80.0925, b* 67.2032 under D65 [Lindbloom].
  const Color red = linear_to_cielab(Color{1, 0, 0});
  EXPECT_NEAR(53.2408, red.r * 100, 0.01);
  EXPECT_NEAR(80.0925, red.g * 128, 0.02);
  EXPECT_NEAR(67.2032, red.b * 128, 0.02);
  const Color back = cielab_to_linear(red);
  EXPECT_NEAR(1.0, back.r, 1e-5);
  EXPECT_NEAR(0.0, back.g, 1e-5);
}

TEST(Colors, FollowTheSrgbCurve) {
  EXPECT_NEAR(0.214041, srgb_decode(0.5), 1e-6);
  EXPECT_NEAR(0.735357, srgb_encode(0.5), 1e-6);
  EXPECT_NEAR(-0.735357, srgb_encode(-0.5), 1e-6);
  EXPECT_NEAR(2.0, srgb_encode(srgb_decode(2.0)), 1e-6);
}

}  // namespace
}  // namespace sfumato
