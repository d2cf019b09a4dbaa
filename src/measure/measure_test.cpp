// SPDX-License-Identifier: Apache-2.0
// Every measure against numpy (reference.py), and against what must hold of it.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include "lane/scalar.h"
#include "measure/edge_ssim.h"
#include "measure/histogram.h"
#include "measure/lab_difference.h"
#include "measure/psnr.h"
#include "measure/score.h"
#include "measure/sliced_distance.h"
#include "measure/ssim.h"
#include "program.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// Smooth shades with some noise; `kind` changes tones and noise.
template <class T>
Picture made(int width, int height, Sample sample, int kind, double top) {
  Picture p(width, height, sample);
  T* out = p.samples<T>();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c) {
        double v = 0.5 + 0.4 * std::sin(0.05 * x * (c + 1)) * std::cos(0.04 * y) +
                   0.15 * (hash(kind + 7, 3 * x + c, y) * 0x1p-32 - 0.5);
        if (kind) v = std::pow(std::max(v, 0.0), 1.3) * (1.0 - 0.05 * c) + 0.03;
        *out++ = static_cast<T>(std::clamp(v, 0.0, 1.0) * top + 0.5);
      }
  return p;
}

Picture made_8bit(int width, int height, int kind) {
  return made<std::uint8_t>(width, height, Sample::u8, kind, 255.0);
}

// The same values in floats.
Picture as_float(const Picture& in) {
  Picture out(in.width(), in.height(), Sample::f32);
  for (std::size_t i = 0; i < in.sample_count(); ++i) out.samples<float>()[i] = in.samples<std::uint8_t>()[i] / 255.0f;
  return out;
}

class Measures : public ProgramTest {
 protected:
  // What numpy finds for two pictures of this size.
  std::map<std::string, double> reference(int width, int height) {
    a = made_8bit(width, height, 0), b = made_8bit(width, height, 1);
    a16 = made<std::uint16_t>(width, height, Sample::u16, 0, 65535.0),
    b16 = made<std::uint16_t>(width, height, Sample::u16, 1, 65535.0);
    int i = 0;
    std::string command = "/usr/bin/python3 " + quoted(SFUMATO_SOURCE_DIR "/src/measure/reference.py") + " " +
                          std::to_string(width) + " " + std::to_string(height);
    const std::vector<float> d = random_directions(64, 3, 1);
    auto add = [&](const void* data, std::size_t bytes) {
      const std::string name = "raw" + std::to_string(i++);
      spill(folder / name, std::string(static_cast<const char*>(data), bytes));
      command += " " + name;
    };
    for (const Picture* p : {&a, &b, &a16, &b16}) add(p->bytes().data(), p->bytes().size());
    add(d.data(), d.size() * sizeof(float));
    const Result r = shell(command);
    EXPECT_EQ(0, r.code) << r.err;
    std::map<std::string, double> values;
    std::istringstream in(r.out);
    for (std::string name; in >> name;) in >> values[name];
    return values;
  }

  Picture a, b, a16, b16;
};

TEST_F(Measures, AreThoseOfNumpy) {
  auto want = reference(90, 70);
  ASSERT_EQ(11u, want.size());
  const View p = std::as_const(a).view(), q = std::as_const(b).view(), p16 = std::as_const(a16).view(),
             q16 = std::as_const(b16).view();
  EXPECT_NEAR(want["psnr"], psnr_db(p, q), 1e-9);
  EXPECT_NEAR(want["ssim_luma"], ssim_luma(p, q), 1e-6);
  EXPECT_NEAR(want["ssim_rgb"], ssim_rgb(p, q), 1e-9);
  EXPECT_NEAR(want["edge_ssim"], edge_ssim(p, q), 1e-5);
  EXPECT_NEAR(want["cdf_distance"], cdf_distance(p, q), 1e-12);
  EXPECT_NEAR(want["delta_e_76"], lab_difference(p, q, LabChain::srgb).delta_e_76, 2e-3);
  EXPECT_NEAR(want["delta_e_76"], lab_difference(p, q, LabChain::srgb_8bit).delta_e_76, 2e-3);
  EXPECT_NEAR(want["delta_e_76_16bit"], lab_difference(p16, q16, LabChain::srgb).delta_e_76, 2e-3);
  EXPECT_NEAR(want["prophoto"], lab_difference(p16, q16, LabChain::prophoto).delta_e_76, 1e-4);
  EXPECT_NEAR(want["color"], sliced_color_distance(p, q), 1e-3);
}

TEST_F(Measures, ReducePicturesAsThePublishedScriptsDo) {
  // min(height, 3 width) / 256 rounds to 1, 2 and 3: even and odd boxes, and columns that step across the seams.
  for (const auto& [width, height] : {std::pair{61, 40}, {211, 430}, {453, 720}}) {
    auto want = reference(width, height);
    EXPECT_NEAR(want["ssim_pooled"], ssim_pooled(std::as_const(a).view(), std::as_const(b).view()), 1e-6) << width;
    EXPECT_NEAR(want["ssim_fivek"], ssim_fivek(std::as_const(a).view(), std::as_const(b).view()), 1e-6) << width;
  }
}

TEST(Measure, DoesNotDependOnTheThreadsByOneBit) {
  const Picture a = made_8bit(120, 90, 0), b = made_8bit(120, 90, 1);
  const Scored p{a.view(), a.view()}, q{b.view(), b.view()};
  for (const Protocol protocol : {Protocol::plain, Protocol::fivek, Protocol::uniform}) {
    const Score one = score(p, q, protocol, 1), three = score(p, q, protocol, 3);
    EXPECT_EQ(one.psnr_db, three.psnr_db);
    EXPECT_EQ(one.ssim, three.ssim);
    EXPECT_EQ(one.l2_lab, three.l2_lab);
    EXPECT_EQ(one.delta_e_2000, three.delta_e_2000);
    EXPECT_EQ(one.cdf_distance, three.cdf_distance);
  }
  EXPECT_EQ(edge_ssim(p.srgb, q.srgb, 1), edge_ssim(p.srgb, q.srgb, 3));
  EXPECT_EQ(patch_distance(p.srgb, q.srgb, {.threads = 1}), patch_distance(p.srgb, q.srgb, {.threads = 3}));
}

TEST(Measure, OfEqualPicturesIsPerfect) {
  const Picture a = made_8bit(64, 48, 0);
  for (const Protocol protocol : {Protocol::plain, Protocol::fivek, Protocol::uniform}) {
    const Score s = score({a.view(), a.view()}, {a.view(), a.view()}, protocol);
    EXPECT_TRUE(std::isinf(s.psnr_db));
    EXPECT_EQ(1.0, s.ssim);
    EXPECT_EQ(0.0, s.l2_lab);
    EXPECT_EQ(0.0, s.delta_e_76);
    EXPECT_EQ(0.0, s.delta_e_2000);
    EXPECT_EQ(0.0, s.cdf_distance);
  }
  EXPECT_EQ(1.0, edge_ssim(a.view(), a.view()));
  EXPECT_EQ(0.0, sliced_color_distance(a.view(), a.view()));
  EXPECT_EQ((std::array<double, 3>{}), patch_distance(a.view(), a.view()));
}

TEST(Measure, OfFloatsIsThatOfTheSameBytes) {
  const Picture a = made_8bit(64, 48, 0), b = made_8bit(64, 48, 1), fa = as_float(a), fb = as_float(b);
  const Score bytes = score({a.view(), a.view()}, {b.view(), b.view()}, Protocol::plain),
              floats = score({fa.view(), fa.view()}, {fb.view(), fb.view()}, Protocol::plain);
  EXPECT_EQ(bytes.psnr_db, floats.psnr_db);
  EXPECT_EQ(bytes.ssim, floats.ssim);
  EXPECT_NEAR(bytes.delta_e_2000, floats.delta_e_2000, 1e-4);
  EXPECT_EQ(bytes.cdf_distance, floats.cdf_distance);
}

TEST(Measure, SkipsAlphaAndClampsWhatAFileCouldNotHold) {
  Picture four(16, 16, Sample::f32, 4), three(16, 16, Sample::u8);
  for (int i = 0; i < 256; ++i) {
    float* p = four.samples<float>() + 4 * i;
    p[0] = 1.7f, p[1] = -0.3f, p[2] = std::nanf(""), p[3] = static_cast<float>(i);
    three.samples<std::uint8_t>()[3 * i] = 255;
  }
  EXPECT_TRUE(std::isinf(psnr_db(std::as_const(four).view(), std::as_const(three).view())));
  EXPECT_EQ(0.0, cdf_distance(std::as_const(four).view(), std::as_const(three).view()));
}

TEST(Measure, FindsTheColorErrorOfOnePixel) {
  // sRGB red and green: L*a*b* 53.24 80.09 67.20 and 87.73 -86.18 83.18; CIE76 170.565, CIEDE2000 86.608 [Lindbloom].
  Picture a(11, 11, Sample::u8), b(11, 11, Sample::u8);
  a.samples<std::uint8_t>()[3 * 5] = 255, b.samples<std::uint8_t>()[3 * 5 + 1] = 255;
  Plane map;
  const LabDifference d = lab_difference(std::as_const(a).view(), std::as_const(b).view(), LabChain::srgb, 0, &map);
  EXPECT_NEAR(170.565, d.delta_e_76 * 121, 0.05);
  EXPECT_NEAR(86.608, d.delta_e_2000 * 121, 0.05);
  EXPECT_NEAR(86.608, map.values[5], 0.05);
  EXPECT_EQ(0.0f, map.values[4]);
}

TEST(CdfDistance, IsHowFarValuesMoved) {
  // Black against 102 / 255: each of 102 of 256 bins of each channel differs by the whole.
  Picture a(8, 8, Sample::u8), b(8, 8, Sample::u8);
  for (std::size_t i = 0; i < b.sample_count(); ++i) b.samples<std::uint8_t>()[i] = 102;
  EXPECT_DOUBLE_EQ(102.0 / 256.0, cdf_distance(std::as_const(a).view(), std::as_const(b).view()));
}

TEST(EdgeSsim, DoesNotSeeAChangeOfContrast) {
  Picture a = made_8bit(64, 48, 0), b = a;
  for (std::size_t i = 0; i < b.sample_count(); ++i)
    b.samples<std::uint8_t>()[i] = static_cast<std::uint8_t>(40 + b.samples<std::uint8_t>()[i] / 2);
  EXPECT_GT(edge_ssim(std::as_const(a).view(), std::as_const(b).view()), 0.998);
  EXPECT_LT(ssim_luma(std::as_const(a).view(), std::as_const(b).view()), 0.97);
}

TEST(SlicedDistance, OfAShiftIsItsMeanProjection) {
  // Every projection moves by d . s, and nothing else changes.
  Picture a = as_float(made_8bit(40, 40, 0)), b = a;
  const float shift[3]{0.1f, -0.05f, 0.02f};
  for (std::size_t i = 0; i < b.sample_count(); ++i) b.samples<float>()[i] += shift[i % 3];
  const std::vector<float> d = random_directions(64, 3, 1);
  double want = 0.0;
  for (int i = 0; i < 64; ++i)
    want += std::abs(d[3 * i] * shift[0] + d[3 * i + 1] * shift[1] + d[3 * i + 2] * shift[2]) * 255.0 / 64.0;
  EXPECT_NEAR(want, sliced_color_distance(std::as_const(a).view(), std::as_const(b).view()), 1e-3);
}

TEST(PatchDistance, DoesNotSeeBrightness) {
  Picture a = as_float(made_8bit(40, 40, 0)), b = a;
  for (std::size_t i = 0; i < b.sample_count(); ++i) b.samples<float>()[i] += 0.1f;
  EXPECT_NEAR(0.0, patch_distance(std::as_const(a).view(), std::as_const(b).view())[0], 1e-3);
}

TEST(SlicedDistance, DirectionsAreUnitVectorsAllAround) {
  const std::vector<float> d = random_directions(4096, 3, 5);
  double sum[3]{};
  for (int i = 0; i < 4096; ++i) {
    EXPECT_NEAR(1.0, std::hypot(d[3 * i], d[3 * i + 1], d[3 * i + 2]), 1e-6);
    for (int c = 0; c < 3; ++c) sum[c] += d[3 * i + c] / 4096.0;
  }
  for (const double s : sum) EXPECT_NEAR(0.0, s, 0.04);
}

TEST(PatchDistance, SeesTextureThatColorsDoNotShow) {
  // The same values, every other column exchanged: stripes against large areas.
  Picture stripes(64, 64, Sample::u8), halves(64, 64, Sample::u8);
  for (int i = 0; i < 64 * 64; ++i)
    for (int c = 0; c < 3; ++c) {
      stripes.samples<std::uint8_t>()[3 * i + c] = i % 2 ? 200 : 50;
      halves.samples<std::uint8_t>()[3 * i + c] = i % 64 < 32 ? 200 : 50;
    }
  EXPECT_NEAR(0.0, sliced_color_distance(std::as_const(stripes).view(), std::as_const(halves).view()), 1e-3);
  EXPECT_GT(patch_distance(std::as_const(stripes).view(), std::as_const(halves).view())[0], 10.0);
}

TEST(Measure, RefusesWhatCannotBeCompared) {
  const Picture a = made_8bit(20, 20, 0), b = made_8bit(20, 21, 0), small = made_8bit(10, 20, 0);
  EXPECT_THROW(psnr_db(a.view(), b.view()), Error);
  EXPECT_THROW(score({a.view(), a.view()}, {b.view(), b.view()}, Protocol::plain), Error);
  EXPECT_THROW(score({small.view(), small.view()}, {small.view(), small.view()}, Protocol::plain), Error);
  EXPECT_THROW(patch_distance(a.view(), a.view()), Error);
  EXPECT_THROW(find_protocol("fivek2"), Error);
}

}  // namespace
}  // namespace sfumato
