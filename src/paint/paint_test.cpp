// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "measure/sliced_distance.h"
#include "paint/bands.h"
#include "paint/patch_picture.h"
#include "paint/patch_polish.h"

namespace sfumato {
namespace {

// Smooth colored noise, another for each seed.
Planes texture(int width, int height, std::uint64_t seed, double sigma = 1.5) {
  Planes planes;
  for (std::uint64_t c = 0; c < 3; ++c) {
    Plane p(width, height);
    for (std::size_t i = 0; i < p.values.size(); ++i)
      p.values[i] = static_cast<float>(0.5 + 0.6 * (random_uniform(seed + c, i) - 0.5) * sigma);
    planes.push_back(blurred(p, sigma));
  }
  return planes;
}

Picture picture_of(const Planes& p, Sample sample = Sample::u8) {
  Picture out(p[0].width, p[0].height, sample);
  for (std::size_t i = 0; i < p[0].values.size(); ++i)
    for (std::size_t c = 0; c < 3; ++c) {
      const float v = std::clamp(p[c].values[i], 0.0f, 1.0f);
      if (sample == Sample::u8) out.samples<std::uint8_t>()[3 * i + c] = static_cast<std::uint8_t>(v * 255.0f + 0.5f);
      if (sample == Sample::u16) out.samples<std::uint16_t>()[3 * i + c] = static_cast<std::uint16_t>(v * 65535.0f);
      if (sample == Sample::f32) out.samples<float>()[3 * i + c] = v;
    }
  return out;
}

PictureSource source_of(const Picture& p) {
  const View v = p.view();
  return {v.width, v.height, nullptr, nullptr,
          [v](int y0, int y1, const PictureSource::Use& use) { use(v.rows(y0, y1)); }};
}

Picture painted(const Picture& photo, const Picture& style, const PatchPaint& o, Sample sample = Sample::u8) {
  Picture out(photo.width(), photo.height(), sample);
  render_whole(photo.view(), out.view(), o.render.threads, [&](const PictureSource& source) {
    return std::make_shared<const PatchPicture>(source, source_of(style), o);
  });
  return out;
}

double root_mean_square(const Planes& a, const Planes& b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c)
    for (std::size_t i = 0; i < a[c].values.size(); ++i) sum += std::pow(a[c].values[i] - b[c].values[i], 2);
  return std::sqrt(sum / static_cast<double>(a.size() * a[0].values.size()));
}

TEST(PatchField, GivesTheStyleBackWhereEachPatchIsItsOwn) {
  const Planes style = texture(40, 30, 1);
  for (const int stride : {1, 2}) {
    PatchField field(40, 30, 40, 30, 7, stride);
    for (int j = 0; j < field.rows; ++j)
      for (int i = 0; i < field.columns; ++i) field.node(i, j) = {i * stride - 3, j * stride - 3};
    // Patches around pixels near the edge would reach out of the style: pixels there are compared with no others.
    for (StylePoint& p : field.at) p = field.inside(p.x, p.y);
    const Planes out = voted(field, style, 1);
    std::vector<float> row(3 * 40);
    float* const rgb[3]{row.data(), row.data() + 40, row.data() + 80};
    for (int y = 8; y < 22; ++y) {
      vote_row(field, style, 40, 30, y, rgb);
      for (int x = 8; x < 32; ++x) {
        EXPECT_NEAR(out[0].row(y)[x], style[0].row(y)[x], 1e-6);
        EXPECT_NEAR(rgb[0][x], style[0].row(y)[x], 1e-5);
      }
    }
  }
}

TEST(Resampler, KeepsConstantsAndRamps) {
  for (const auto& [from, to] : {std::pair{40, 40}, {40, 13}, {13, 40}}) {
    Resampler r(from, 3, 1, to, 3);
    std::vector<float> row(static_cast<std::size_t>(from));
    for (int x = 0; x < from; ++x) row[x] = static_cast<float>((x + 0.5) / from);
    for (int y = 0; y < 3; ++y) r.add(y, row.data());
    const Planes out = r.take();
    const int edge = to / 8 + 2;
    for (int x = edge; x < to - edge; ++x) EXPECT_NEAR(out[0].row(1)[x], (x + 0.5) / to, 2e-3) << from << " " << to;
  }
}

TEST(Bands, OfAStyleLikeThePictureChangeNothing) {
  const Planes p = texture(61, 47, 2);
  EXPECT_LT(root_mean_square(with_bands_of(p, p), p), 1e-6);
}

TEST(Bands, GiveContrastBackToTheLimit) {
  const Planes style = texture(64, 64, 3);
  Planes faint = style;
  for (Plane& c : faint)
    for (float& v : c.values) v = 0.5f + 0.6f * (v - 0.5f);
  BandOptions o;
  o.count = 12;
  const Planes out = with_bands_of(style, faint, o);
  // All bands but the mean are 1 / 0.6 of what they were.
  for (std::size_t c = 0; c < 3; ++c) {
    double mean = 0;
    for (const float v : style[c].values) mean += v / static_cast<double>(style[c].values.size());
    for (std::size_t i = 0; i < out[c].values.size(); ++i)
      EXPECT_NEAR(out[c].values[i] - (0.5 + 0.6 * (mean - 0.5)), style[c].values[i] - mean, 2e-2);
  }
}

TEST(Polish, BringsPatchesNearThoseOfTheStyle) {
  const Planes style = texture(128, 128, 5, 1.0), picture = texture(128, 128, 9, 1.4);
  const Picture from = picture_of(picture), to = picture_of(polished(picture, style, {}, 2)), goal = picture_of(style);
  const auto before = patch_distance(from.view(), goal.view()), after = patch_distance(to.view(), goal.view());
  EXPECT_LT(after[0], 0.6 * before[0]);
  EXPECT_LT(after[1], 0.75 * before[1]);
}

TEST(Polish, LeavesTheStyleItself) {
  const Planes style = texture(64, 48, 7);
  EXPECT_LT(root_mean_square(polished(style, style, {}, 2), style), 2e-3);
}

TEST(Paint, MakesTheSameBytesWithAnyNumberOfThreads) {
  const Picture photo = picture_of(texture(90, 70, 11, 4)), style = picture_of(texture(80, 96, 13));
  PatchPaint one, three;
  one.render.threads = 1, three.render.threads = 3;
  EXPECT_EQ(painted(photo, style, one).bytes(), painted(photo, style, three).bytes());
  PatchPaint other = one;
  other.options.seed = 2;
  EXPECT_NE(painted(photo, style, one).bytes(), painted(photo, style, other).bytes());
}

// A gray style makes a gray painting; tiny, narrow and flat pictures are pictures too.
TEST(Paint, TakesPicturesOfAnyShape) {
  PatchPaint o;
  o.size = 64;
  const Picture photo = picture_of(texture(150, 100, 17, 4), Sample::u16);
  Planes gray = texture(40, 40, 19);
  gray[1] = gray[2] = gray[0];
  const Picture out = painted(photo, picture_of(gray), o, Sample::f32);
  for (std::size_t i = 0; i < out.sample_count(); i += 3)
    ASSERT_NEAR(out.samples<float>()[i], out.samples<float>()[i + 1], 5e-3);
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 200}, {200, 2}}) {
    const Picture odd = picture_of(texture(width, height, 23));
    painted(odd, photo, o), painted(photo, odd, o);
  }
}

}  // namespace
}  // namespace sfumato
