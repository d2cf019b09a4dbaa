// SPDX-License-Identifier: Apache-2.0
// Camera RAW, on a small DNG written here.
#include "files/raw_file.h"

#include "files/picture_fixture.h"
#include "files/vips_metadata.h"

namespace sfumato {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::uint32_t width = 96, height = 64, gray = 4000;

class RawFileTest : public PictureTest {
 protected:
  // A uniform gray seen by a camera whose colors are those of XYZ, lit so that `neutral` is white.
  std::string dng(const std::string& name, std::uint32_t orientation = 1) const {
    const std::uint32_t neutral[3]{500, 1000, 750};
    std::string pixels;
    for (std::uint32_t y = 0; y < height; ++y)
      for (std::uint32_t x = 0; x < width; ++x) {
        const int color = y % 2 == 0 ? x % 2 : 1 + x % 2;
        const std::uint32_t v = gray * neutral[color] / 1000;
        pixels += static_cast<char>(v & 255);
        pixels += static_cast<char>(v >> 8);
      }
    return put(name, tiff_of({{254, 4, {0}},
                              {256, 4, {width}},
                              {257, 4, {height}},
                              {258, 3, {16}},
                              {259, 3, {1}},
                              {262, 3, {32803}},
                              {271, 2, {'A', 'c', 'm', 'e', 0}},
                              {272, 2, {'C', 'a', 'm', 0}},
                              {274, 3, {orientation}},
                              {277, 3, {1}},
                              {278, 4, {height}},
                              {284, 3, {1}},
                              {315, 2, {'A', 'n', 'n', 0}},
                              {33421, 3, {2, 2}},
                              {33422, 1, {0, 1, 1, 2}},
                              {50706, 1, {1, 4, 0, 0}},
                              {50708, 2, {'C', 'a', 'm', 0}},
                              {50714, 3, {0}},
                              {50717, 3, {16000}},
                              {50721, 10, {1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1}},
                              {50728, 5, {neutral[0], 1000, neutral[1], 1000, neutral[2], 1000}},
                              {50778, 3, {21}}},
                             pixels));
  }
};

TEST_F(RawFileTest, ACamerasWhiteIsGrayInLinearLight) {
  const OpenPicture picture = open_picture(dng("a.dng"));
  EXPECT_EQ(picture.format, "raw");
  EXPECT_EQ(picture.sample(), Sample::u16);
  ASSERT_TRUE(picture.profile);
  EXPECT_TRUE(picture.profile->is_linear);
  EXPECT_EQ(picture.out_profile, nullptr);
  const auto samples = read_all(at("a.dng"));
  const std::size_t middle =
      3 * (static_cast<std::size_t>(picture.height() / 2) * picture.width() + picture.width() / 2);
  const auto& m = picture.profile->to_srgb;
  for (int c = 0; c < 3; ++c) {
    double light = 0;
    for (int k = 0; k < 3; ++k) light += m[3 * c + k] * samples[middle + k] / 65535;
    EXPECT_NEAR(light, gray / 16000.0, 0.01) << c;
  }
}

TEST_F(RawFileTest, ComesUprightWithItsMetadata) {
  const OpenPicture picture = open_picture(dng("a.DNG", 6));
  EXPECT_LT(picture.width(), picture.height());
  save(picture.image, "a.jpg");
  const OpenPicture jpeg = open_picture(at("a.jpg"));
  EXPECT_LT(jpeg.width(), jpeg.height());
  const Exif exif = exif_of(jpeg.image.get());
  auto text = [&](std::uint16_t tag) {
    for (const ExifField& f : exif.main)
      if (f.tag == tag) return std::string(f.bytes.c_str());
    return std::string();
  };
  EXPECT_EQ(text(0x010f), "Acme");
  EXPECT_EQ(text(0x0110), "Cam");
  EXPECT_EQ(text(0x013b), "Ann");
}

TEST_F(RawFileTest, DamageIsRefused) {
  const std::string whole = bytes_of(dng("a.dng"));
  for (const double part : {0.0, 0.01, 0.3, 0.6, 0.9})
    EXPECT_THAT(refusal(put("cut.dng", whole.substr(0, static_cast<std::size_t>(whole.size() * part)))), Not(IsEmpty()))
        << part;
  EXPECT_THAT(refusal(put("text.nef", "some text")), HasSubstr("expected a RAW file"));
  EXPECT_THAT(refusal(at("missing.cr2")), HasSubstr("No such file"));
  EXPECT_THAT(refusal(at("")), Not(IsEmpty()));
}

TEST_F(RawFileTest, TooManyPixelsAreAMatterOfResources) {
  EXPECT_THAT(refusal(dng("a.dng"), Code::resource, {.max_pixels = 1000}), HasSubstr("--max-pixels"));
}

TEST_F(RawFileTest, ExtensionsOfCamerasAreKnown) {
  for (const char* name : {"a.dng", "a.NEF", "b.c.cr2", "/x.y/z.arw"}) EXPECT_TRUE(is_raw_name(name)) << name;
  for (const char* name : {"a.jpg", "a", "", "x.dng/y", ".tif"}) EXPECT_FALSE(is_raw_name(name)) << name;
}

}  // namespace
}  // namespace sfumato
