// SPDX-License-Identifier: Apache-2.0
// Every kind of pixels becomes RGB or RGB + alpha.
#include <cmath>
#include <limits>

#include "files/picture_fixture.h"

namespace sfumato {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int width = 8, height = 4;

class ToRgbTest : public PictureTest {
 protected:
  // A TIFF whose every pixel has the given values of type T.
  template <class T>
  std::string flat(const std::string& name, const std::vector<T>& pixel, int photometric, int sample_format,
                   bool is_big_endian = false, bool is_planar = false, std::vector<Tag> more = {}) {
    std::string pixels;
    auto add = [&](T v) {
      char bytes[sizeof(T)];
      std::memcpy(bytes, &v, sizeof v);
      if (is_big_endian) std::reverse(bytes, bytes + sizeof v);
      pixels.append(bytes, sizeof v);
    };
    const auto bands = static_cast<std::uint32_t>(pixel.size());
    if (is_planar)
      for (const T v : pixel)
        for (int i = 0; i < width * height; ++i) add(v);
    else
      for (int i = 0; i < width * height; ++i)
        for (const T v : pixel) add(v);
    more.insert(more.end(), {{256, 3, {width}},
                             {257, 3, {height}},
                             {258, 3, std::vector<std::uint32_t>(bands, 8 * sizeof(T))},
                             {259, 3, {1}},
                             {262, 3, {static_cast<std::uint32_t>(photometric)}},
                             {277, 3, {bands}},
                             {278, 3, {height}},
                             {339, 3, std::vector<std::uint32_t>(bands, static_cast<std::uint32_t>(sample_format))}});
    std::string bytes = tiff_of(more, pixels, is_big_endian);
    if (is_planar) {
      // One strip per plane.
      std::vector<std::uint32_t> offsets, sizes;
      for (std::uint32_t i = 0; i < bands; ++i)
        offsets.push_back(8 + i * width * height * sizeof(T)), sizes.push_back(width * height * sizeof(T));
      more.insert(more.end(), {{284, 3, {2}}, {273, 4, offsets}, {279, 4, sizes}});
      bytes = tiff_of(more, pixels, is_big_endian);
    }
    return put(name, bytes);
  }

  void expect_pixel(const std::string& path, Sample sample, const std::vector<double>& expected, double slack = 1e-6) {
    const OpenPicture picture = open_picture(path);
    EXPECT_EQ(picture.sample(), sample);
    ASSERT_EQ(picture.bands(), static_cast<int>(expected.size()));
    const auto samples = read_all(path);
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(samples[samples.size() - expected.size() + i], expected[i], slack) << path << " band " << i;
  }
};

TEST_F(ToRgbTest, WholeNumbersOfEightAndSixteenBitsStay) {
  expect_pixel(flat<std::uint8_t>("a.tif", {10, 20, 30}, 2, 1), Sample::u8, {10, 20, 30});
  expect_pixel(flat<std::uint16_t>("a.tif", {10, 2000, 60000}, 2, 1), Sample::u16, {10, 2000, 60000});
  expect_pixel(flat<std::uint16_t>("a.tif", {10, 2000, 60000}, 2, 1, true), Sample::u16, {10, 2000, 60000});
}

TEST_F(ToRgbTest, FloatsStayUnbounded) {
  expect_pixel(flat<float>("a.tif", {-0.5f, 0.25f, 40.0f}, 2, 3), Sample::f32, {-0.5, 0.25, 40});
  expect_pixel(flat<float>("a.tif", {-0.5f, 0.25f, 40.0f}, 2, 3, true), Sample::f32, {-0.5, 0.25, 40});
  const float infinite = std::numeric_limits<float>::infinity();
  EXPECT_THAT(refusal(flat<float>("a.tif", {std::nanf(""), infinite, 1e38f}, 2, 3)), IsEmpty());
}

TEST_F(ToRgbTest, OtherNumbersBecomeFloat) {
  expect_pixel(flat<std::uint32_t>("a.tif", {0, 0x80000000u, 0xffffffffu}, 2, 1), Sample::f32, {0, 0.5, 1});
  expect_pixel(flat<std::int16_t>("a.tif", {0, 16384, 32767}, 2, 2), Sample::f32, {0, 0.5, 1}, 1e-4);
}

TEST_F(ToRgbTest, PlanesAreJoined) {
  expect_pixel(flat<std::uint16_t>("a.tif", {1, 2, 3}, 2, 1, false, true), Sample::u16, {1, 2, 3});
}

TEST_F(ToRgbTest, GrayIsSpreadAndRemembered) {
  const std::string path = flat<std::uint8_t>("a.tif", {77}, 1, 1);
  expect_pixel(path, Sample::u8, {77, 77, 77});
  EXPECT_TRUE(open_picture(path).was_gray);
  expect_pixel(flat<std::uint8_t>("a.tif", {77}, 0, 1), Sample::u8, {178, 178, 178});
  expect_pixel(flat<std::uint16_t>("a.tif", {700, 900}, 1, 1, false, false, {{338, 3, {2}}}), Sample::u16,
               {700, 700, 700, 900});
}

TEST_F(ToRgbTest, AlphaStaysAndAssociatedAlphaIsDividedOut) {
  expect_pixel(flat<std::uint8_t>("a.tif", {50, 100, 20, 128}, 2, 1, false, false, {{338, 3, {2}}}), Sample::u8,
               {50, 100, 20, 128});
  expect_pixel(flat<std::uint8_t>("a.tif", {50, 100, 20, 128}, 2, 1, false, false, {{338, 3, {1}}}), Sample::u8,
               {99, 199, 39, 128}, 1);
  expect_pixel(flat<std::uint16_t>("a.tif", {5000, 9000, 100, 32768}, 2, 1, false, false, {{338, 3, {1}}}), Sample::u16,
               {10000, 18000, 200, 32768}, 1.5);
  expect_pixel(flat<float>("a.tif", {0.25f, 0.5f, 0.1f, 0.5f}, 2, 3, false, false, {{338, 3, {1}}}), Sample::f32,
               {0.5, 1, 0.2, 0.5});
}

TEST_F(ToRgbTest, CmykAndLabAreConvertedAndTold) {
  const std::string cmyk = flat<std::uint8_t>("a.tif", {0, 0, 0, 0}, 5, 1);
  expect_pixel(cmyk, Sample::u8, {255, 255, 255}, 1);
  EXPECT_THAT(open_picture(cmyk).warnings, Contains("CMYK converted to sRGB"));
  const std::string lab = flat<std::uint8_t>("a.tif", {255, 0, 0}, 8, 1);
  expect_pixel(lab, Sample::u16, {65535, 65535, 65535}, 300);
  EXPECT_THAT(open_picture(lab).warnings, Contains("Lab converted to sRGB"));
}

TEST_F(ToRgbTest, FurtherChannelsAreLeftOutAndTold) {
  const std::string path = flat<std::uint8_t>("a.tif", {1, 2, 3, 4, 5}, 2, 1, false, false, {{338, 3, {0, 0}}});
  expect_pixel(path, Sample::u8, {1, 2, 3});
  EXPECT_THAT(open_picture(path).warnings, Contains("found 5 channels; the first three are rendered"));
}

TEST_F(ToRgbTest, HalfAndDoubleAreRefusedWithAReason) {
  EXPECT_THAT(refusal(flat<double>("a.tif", {0.1, 0.2, 0.3}, 2, 3)), HasSubstr("cannot be read"));
  EXPECT_THAT(refusal(flat<std::uint16_t>("a.tif", {0, 0, 0}, 2, 3)), HasSubstr("cannot be read"));
}

TEST_F(ToRgbTest, PalettesAndFewBitsAreSpread) {
  const ImagePtr image = ramp();
  ASSERT_EQ(vips_pngsave(image.get(), at("p.png").c_str(), "palette", TRUE, "bitdepth", 4, nullptr), 0);
  EXPECT_EQ(open_picture(at("p.png")).bands(), 3);
  EXPECT_EQ(open_picture(at("p.png")).sample(), Sample::u8);
  VipsImage* gray = nullptr;
  ASSERT_EQ(vips_colourspace(image.get(), &gray, VIPS_INTERPRETATION_B_W, nullptr), 0);
  const ImagePtr owner = own(gray);
  for (const int bits : {1, 2, 4}) {
    ASSERT_EQ(vips_tiffsave(gray, at("b.tif").c_str(), "bitdepth", bits, nullptr), 0);
    EXPECT_EQ(open_picture(at("b.tif")).bands(), 3) << bits;
    EXPECT_THAT(refusal(at("b.tif")), IsEmpty());
  }
}

TEST_F(ToRgbTest, TurnedPicturesComeUprightOnce) {
  for (int orientation = 0; orientation <= 9; ++orientation) {
    const std::string path = flat<std::uint8_t>("a.tif", {1, 2, 3}, 2, 1, false, false,
                                                {{274, 3, {static_cast<std::uint32_t>(orientation)}}});
    const OpenPicture picture = open_picture(path);
    const bool is_turned = orientation >= 5 && orientation <= 8;
    EXPECT_EQ(picture.width(), is_turned ? height : width) << orientation;
    save(picture.image, "b.tif");
    EXPECT_EQ(open_picture(at("b.tif")).width(), picture.width()) << orientation;
  }
}

TEST_F(ToRgbTest, EveryShapeOfPictureIsRead) {
  for (const auto& [w, h] :
       {std::pair{1, 1}, std::pair{1, 997}, std::pair{997, 1}, std::pair{65500, 1}, std::pair{131, 89}}) {
    for (const char* name : {"a.png", "a.jpg", "a.tif"}) {
      EXPECT_EQ(read_all(save(ramp(w, h), name)).size(), 3u * w * h) << name;
    }
  }
}

}  // namespace
}  // namespace sfumato
