// SPDX-License-Identifier: Apache-2.0
#include "files/profile.h"

#include <lcms2.h>

#include <cmath>
#include <fstream>

#include "files/picture_fixture.h"
#include "files/vips_metadata.h"

namespace sfumato {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

std::string bytes_of_profile(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  std::string bytes(size, '\0');
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  return bytes;
}

std::string rgb_profile(const cmsCIExyYTRIPLE& primaries, cmsToneCurve* curve) {
  const cmsCIExyY d65{0.3127, 0.3290, 1.0};
  cmsToneCurve* curves[3]{curve, curve, curve};
  const std::string bytes = bytes_of_profile(cmsCreateRGBProfile(&d65, &primaries, curves));
  cmsFreeToneCurve(curve);
  return bytes;
}

constexpr cmsCIExyYTRIPLE p3{{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
constexpr cmsCIExyYTRIPLE adobe{{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
constexpr cmsCIExyYTRIPLE rec709{{0.64, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}};

cmsToneCurve* srgb_curve() {
  const double parameters[5]{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  return cmsBuildParametricToneCurve(nullptr, 4, parameters);
}

Profile read(const std::string& bytes) { return read_profile(std::as_bytes(std::span(bytes))); }

TEST(Profile, SrgbIsTheIdentity) {
  EXPECT_EQ(read(bytes_of_profile(cmsCreate_sRGBProfile())).kind, ProfileKind::srgb);
  EXPECT_EQ(read(rgb_profile(rec709, srgb_curve())).kind, ProfileKind::srgb);
}

TEST(Profile, DisplayP3HasTheSrgbCurveAndItsPublishedMatrix) {
  const Profile profile = read(rgb_profile(p3, srgb_curve()));
  ASSERT_EQ(profile.kind, ProfileKind::matrix);
  EXPECT_TRUE(profile.map->has_srgb_curve());
  // [CSS-Color-4] lin_P3_to_XYZ then XYZ_to_lin_sRGB.
  const double expected[9]{1.2249402, -0.2249402, 0, -0.0420570, 1.0420570, 0, -0.0196376, -0.0786360, 1.0982736};
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(profile.map->to_srgb[i], expected[i], 3e-4) << i;
}

TEST(Profile, TablesOfAdobeRgbAreItsGamma) {
  const Profile profile = read(rgb_profile(adobe, cmsBuildGamma(nullptr, 563 / 256.0)));
  ASSERT_EQ(profile.kind, ProfileKind::matrix);
  ASSERT_TRUE(profile.map->has_tables());
  for (int i = 0; i < ProfileMap::nodes; ++i) {
    const double t = i / (ProfileMap::nodes - 1.0);
    ASSERT_NEAR(profile.map->decode[1][i], std::pow(t, 563 / 256.0), 1e-5);
    // Below lies the table's first cell, of light under 2e-7.
    if (t < 0.02) continue;
    ASSERT_NEAR(profile.map->encode[1][i], std::pow(t, 4 * 256 / 563.0), 2e-5) << t;
  }
}

TEST(Profile, MatrixAndItsInverseAreOne) {
  const auto map = read(rgb_profile(adobe, cmsBuildGamma(nullptr, 2.2))).map;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      double sum = 0;
      for (int k = 0; k < 3; ++k) sum += map->to_srgb[i * 3 + k] * map->from_srgb[k * 3 + j];
      EXPECT_NEAR(sum, i == j, 1e-6);
    }
}

TEST(Profile, LinearLightNeedsNoTable) {
  const Profile profile = read(rgb_profile(rec709, cmsBuildGamma(nullptr, 1.0)));
  ASSERT_EQ(profile.kind, ProfileKind::matrix);
  EXPECT_TRUE(profile.map->is_linear);
}

TEST(Profile, GrayHasOneCurve) {
  const cmsCIExyY d50{0.3457, 0.3585, 1.0};
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 1.8);
  const Profile profile = read(bytes_of_profile(cmsCreateGrayProfile(&d50, curve)));
  cmsFreeToneCurve(curve);
  ASSERT_EQ(profile.kind, ProfileKind::gray);
  EXPECT_NEAR(profile.map->decode[2][2048], std::pow(0.5, 1.8), 1e-5);
  EXPECT_EQ(profile.map->to_srgb[0], 1.0f);
}

TEST(Profile, LabIsForTheColorEngine) {
  EXPECT_EQ(read(bytes_of_profile(cmsCreateLab4Profile(nullptr))).kind, ProfileKind::other);
}

TEST(Profile, EveryDamagedByteIsSurvived) {
  const std::string whole = rgb_profile(p3, cmsBuildGamma(nullptr, 2.2));
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const char value : {'\0', '\xff'}) {
      std::string bytes = whole;
      bytes[i] = value;
      const Profile profile = read(bytes);
      if (!profile.map) continue;
      for (const float m : profile.map->to_srgb) ASSERT_TRUE(std::isfinite(m));
      for (const auto& table : profile.map->decode)
        for (const float v : table) ASSERT_TRUE(std::isfinite(v));
    }
}

TEST(Profile, EveryCutIsSurvived) {
  const std::string whole = rgb_profile(p3, cmsBuildGamma(nullptr, 2.2));
  for (std::size_t n = 0; n < whole.size(); ++n) read(whole.substr(0, n));
  EXPECT_EQ(read("").kind, ProfileKind::damaged);
  EXPECT_EQ(read(std::string(100 << 20, '\0')).kind, ProfileKind::damaged);
}

class ProfileInPicture : public PictureTest {
 protected:
  std::string with_profile(const std::string& name, const std::string& icc) const {
    const ImagePtr image = ramp();
    set_blob(image.get(), VIPS_META_ICC_NAME, icc);
    return save(image, name);
  }
};

TEST_F(ProfileInPicture, StaysTheSameBytesInEveryFormat) {
  const std::string icc = rgb_profile(p3, srgb_curve());
  for (const char* from : {"a.jpg", "a.png", "a.tif", "a.webp", "a.avif"}) {
    const OpenPicture picture = open_picture(with_profile(from, icc));
    EXPECT_TRUE(picture.profile && picture.out_profile) << from;
    for (const char* to : {"b.jpg", "b.png", "b.tif", "b.webp", "b.avif"}) {
      const OpenPicture again = open_picture(save(open_picture(at(from)).image, to));
      EXPECT_EQ(blob_of(again.image.get(), VIPS_META_ICC_NAME), icc) << from << " -> " << to;
    }
  }
}

TEST_F(ProfileInPicture, LosslessJpegXlKeepsIt) {
  const std::string icc = rgb_profile(adobe, cmsBuildGamma(nullptr, 563 / 256.0));
  const ImagePtr image = ramp();
  set_blob(image.get(), VIPS_META_ICC_NAME, icc);
  save(image, "a.jxl", {.is_lossless = true});
  const OpenPicture picture = open_picture(at("a.jxl"));
  ASSERT_TRUE(picture.profile);
  EXPECT_NEAR(picture.profile->to_srgb[0], read(icc).map->to_srgb[0], 1e-3);
}

TEST_F(ProfileInPicture, GoesWhenTheOutputIsToBeSrgb) {
  with_profile("a.jpg", rgb_profile(p3, srgb_curve()));
  save(open_picture(at("a.jpg")).image, "b.jpg", {.converts_to_srgb = true});
  EXPECT_EQ(open_picture(at("b.jpg")).profile, nullptr);
}

TEST_F(ProfileInPicture, DamagedIsDroppedAndTold) {
  std::string icc = rgb_profile(p3, srgb_curve());
  const std::string path = with_profile("a.tif", icc);
  std::string bytes = bytes_of(path);
  const auto where = bytes.find(icc.substr(0, 64));
  ASSERT_NE(where, std::string::npos);
  bytes.replace(where + 36, 4, "xxxx");  // the profile's own magic
  const OpenPicture picture = open_picture(put("b.tif", bytes));
  EXPECT_EQ(picture.profile, nullptr);
  EXPECT_EQ(blob_of(picture.image.get(), VIPS_META_ICC_NAME), "");
  EXPECT_THAT(refusal(at("b.tif")), IsEmpty());
}

TEST_F(ProfileInPicture, EveryDamagedByteOfHeaderAndTagsLeavesThePictureReadable) {
  std::string icc = rgb_profile(p3, cmsBuildGamma(nullptr, 2.2));
  const std::string whole = bytes_of(with_profile("a.tif", icc));
  const auto where = whole.find(icc);
  ASSERT_NE(where, std::string::npos);
  for (std::size_t i = 0; i < 128 + 4 + 12 * 10; ++i)
    for (const char value : {'\0', '\xff'}) {
      std::string bytes = whole;
      bytes[where + i] = value;
      ASSERT_THAT(refusal(put("b.tif", bytes)), IsEmpty()) << i;
    }
}

TEST_F(ProfileInPicture, GrayProfilesRenderExactlyAndLeaveSrgb) {
  const cmsCIExyY d50{0.3457, 0.3585, 1.0};
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 1.8);
  VipsImage* gray = nullptr;
  const ImagePtr image = ramp();
  ASSERT_EQ(vips_colourspace(image.get(), &gray, VIPS_INTERPRETATION_B_W, nullptr), 0);
  const ImagePtr owner = own(gray);
  set_blob(gray, VIPS_META_ICC_NAME, bytes_of_profile(cmsCreateGrayProfile(&d50, curve)));
  cmsFreeToneCurve(curve);
  ASSERT_EQ(vips_pngsave(gray, at("g.png").c_str(), nullptr), 0);
  const OpenPicture picture = open_picture(at("g.png"));
  ASSERT_TRUE(picture.profile);
  EXPECT_EQ(picture.out_profile, nullptr);
  EXPECT_EQ(blob_of(picture.image.get(), VIPS_META_ICC_NAME), "");
}

// A photo compressor's 524-byte stand-in for sRGB.
TEST_F(ProfileInPicture, C2IsSrgb) {
  const std::string path = real_data("photos/elementary/Martin Adams.jpg");
  if (path.empty()) GTEST_SKIP() << no_real_data;
  const OpenPicture picture = open_picture(path);
  EXPECT_EQ(picture.profile, nullptr);
  EXPECT_EQ(blob_of(picture.image.get(), VIPS_META_ICC_NAME).size(), 524u);
}

}  // namespace
}  // namespace sfumato
