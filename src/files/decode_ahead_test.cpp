// SPDX-License-Identifier: Apache-2.0
// Pictures that are decoded by a thread of their own, and pictures reduced while they are read.
#include "files/decode_ahead.h"

#include "files/block_mean.h"
#include "files/picture_fixture.h"
#include "files/vips.h"

namespace sfumato {
namespace {

class DecodeAheadTest : public PictureTest {};

TEST_F(DecodeAheadTest, PixelsAreTheSameInAnyOrder) {
  const ImagePtr large = ramp(700, 900);
  for (const std::string name : {"a.jpg", "a.png", "a.tif"}) {
    const std::vector<double> expected = read_all(save(large, name));
    OpenPicture picture = open_picture(at(name));
    ASSERT_TRUE(decode_ahead(picture, at(name)));
    // The last rows first.
    VipsImage* turned = nullptr;
    ASSERT_EQ(vips_flip(picture.image.get(), &turned, VIPS_DIRECTION_VERTICAL, nullptr), 0);
    OpenPicture upside_down = picture;
    upside_down.image = own(turned);
    const std::vector<double> flipped = samples_of(upside_down, at(name));
    const std::size_t row = 700 * 3;
    for (std::size_t y = 0; y < 900; ++y)
      ASSERT_TRUE(
          std::equal(flipped.begin() + y * row, flipped.begin() + (y + 1) * row, expected.begin() + (899 - y) * row))
          << name << " row " << y;
    EXPECT_EQ(samples_of(picture, at(name)), expected) << name;
  }
}

TEST_F(DecodeAheadTest, DamageFailsTheReading) {
  const std::string jpeg = bytes_of(save(ramp(700, 900), "a.jpg"));
  put("half.jpg", jpeg.substr(0, jpeg.size() / 2));
  OpenPicture picture = open_picture(at("half.jpg"));
  ASSERT_TRUE(decode_ahead(picture, at("half.jpg")));
  EXPECT_THROW(samples_of(picture, at("half.jpg")), Error);
}

TEST_F(DecodeAheadTest, WhoLosesInterestNeedNotReadToTheEnd) {
  save(ramp(2000, 3000), "a.png");
  for (int i = 0; i < 5; ++i) {
    OpenPicture picture = open_picture(at("a.png"));
    decode_ahead(picture, at("a.png"));
  }
}

template <class T>
ImagePtr of(int width, int height, int bands, VipsBandFormat format, const std::vector<T>& samples) {
  VipsImage* image =
      vips_image_new_from_memory_copy(samples.data(), samples.size() * sizeof(T), width, height, bands, format);
  image->Type = format == VIPS_FORMAT_USHORT ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
  return own(image);
}

TEST_F(DecodeAheadTest, BlocksAreMeansAlsoAtTheBorder) {
  // 5 x 3 pixels of three bands: v = 1000 x + 7 y + band.
  std::vector<std::uint16_t> samples;
  for (int y = 0; y < 3; ++y)
    for (int x = 0; x < 5; ++x)
      for (int c = 0; c < 3; ++c) samples.push_back(static_cast<std::uint16_t>(1000 * x + 7 * y + c));
  OpenPicture picture{of(5, 3, 3, VIPS_FORMAT_USHORT, samples)};
  block_mean(picture.image, 2, "test");
  ASSERT_EQ(picture.width(), 3);
  ASSERT_EQ(picture.height(), 2);
  const std::vector<double> got = samples_of(picture, "test");
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 3; ++x)
      for (int c = 0; c < 3; ++c)
        EXPECT_EQ(got[(y * 3 + x) * 3 + c], std::floor((x < 2 ? 2000 * x + 500 : 4000) + (y < 1 ? 3.5 : 14) + c + 0.5));
}

// As threads ask of which one was kept waiting.
TEST_F(DecodeAheadTest, BlocksOfAFileMayBeAskedForLateAndOutOfOrder) {
  save(ramp(700, 1900), "a.png");
  const auto reduced = [&] {
    OpenPicture picture = open_picture(at("a.png"));
    block_mean(picture.image, 8, "test");
    return picture;
  };
  const std::vector<double> expected = samples_of(reduced(), "test");
  const OpenPicture picture = reduced();
  const std::unique_ptr<VipsRegion, void (*)(void*)> region(vips_region_new(picture.image.get()), g_object_unref);
  constexpr int rows = 16;
  for (const int top : {112, 0, 16, 176, 96, 192}) {
    const VipsRect band{0, top, picture.width(), rows};
    ASSERT_EQ(vips_region_prepare(region.get(), &band), 0) << top << ": " << vips_error_text();
    for (int y = top; y < top + rows; ++y) {
      const VipsPel* row = VIPS_REGION_ADDR(region.get(), 0, y);
      EXPECT_TRUE(std::equal(row, row + picture.width() * 3, expected.begin() + y * picture.width() * 3)) << y;
    }
  }
}

TEST_F(DecodeAheadTest, HiddenColorsDoNotCount) {
  OpenPicture picture{of<std::uint8_t>(2, 1, 4, VIPS_FORMAT_UCHAR, {200, 100, 0, 255, 7, 9, 255, 0})};
  block_mean(picture.image, 2, "test");
  EXPECT_THAT(samples_of(picture, "test"), testing::ElementsAre(200, 100, 0, 128));
  OpenPicture hidden{of<float>(2, 1, 4, VIPS_FORMAT_FLOAT, {2, 1, 0, 0, 7, 9, 255, 0})};
  block_mean(hidden.image, 2, "test");
  EXPECT_THAT(samples_of(hidden, "test"), testing::ElementsAre(0, 0, 0, 0));
}

}  // namespace
}  // namespace sfumato
