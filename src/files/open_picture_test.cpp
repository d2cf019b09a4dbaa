// SPDX-License-Identifier: Apache-2.0
// Files that are damaged, lie, or are no pictures.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <chrono>
#include <fstream>

#include "files/picture_fixture.h"

namespace sfumato {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class OpenPictureTest : public PictureTest {
 protected:
  // Cut at every 4 % and one byte before the data ends, which is `tail` before the end.
  void expect_every_cut_refused(const std::string& path, std::size_t tail) {
    const std::string whole = bytes_of(path);
    EXPECT_THAT(refusal(path), IsEmpty()) << path;
    for (int percent = 0; percent < 100; percent += 4) {
      put("cut", whole.substr(0, whole.size() * percent / 100));
      EXPECT_THAT(refusal(at("cut")), Not(IsEmpty())) << path << " cut at " << percent << " %";
    }
    put("cut", whole.substr(0, whole.size() - tail));
    EXPECT_THAT(refusal(at("cut")), Not(IsEmpty())) << path << " without its last " << tail << " bytes";
  }

  static std::string chunk(const std::string& type, const std::string& data, bool is_right = true) {
    std::uint32_t crc = 0xffffffffu;
    for (const char c : type + data) {
      crc ^= static_cast<unsigned char>(c);
      for (int k = 0; k < 8; ++k) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    crc = ~crc ^ !is_right;
    return number(static_cast<std::uint32_t>(data.size())) + type + data + number(crc);
  }
  static std::string number(std::uint32_t n) {
    return {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)};
  }
  static std::string png_head(std::uint32_t width, std::uint32_t height) {
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", number(width) + number(height) + std::string("\x08\x02\0\0\0", 5));
  }
};

TEST_F(OpenPictureTest, WhatIsNoPictureIsRefusedWithWhatWasExpected) {
  for (const std::string& bytes :
       {std::string(), std::string("x"), std::string("some text\n"), std::string("<!doctype html><html></html>"),
        std::string("3 3\n1 2 3\n4 5 6\n7 8 9\n"), std::string(5000, '\0'),
        std::string("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>")})
    EXPECT_THAT(refusal(put("a.jpg", bytes)), HasSubstr("expected JPEG, PNG")) << bytes;
}

TEST_F(OpenPictureTest, MagicAloneIsRefused) {
  for (const std::string& bytes :
       {std::string("\xff\xd8\xff"), std::string("\x89PNG\r\n\x1a\n"), std::string("II*\0", 4),
        std::string("RIFF\x10\0\0\0WEBP", 12), std::string("\xff\x0a"), std::string("\x76\x2f\x31\x01", 4),
        std::string("\0\0\0\x18"
                    "ftypheic",
                    12)})
    EXPECT_THAT(refusal(put("a.jpg", bytes)), Not(IsEmpty()));
}

TEST_F(OpenPictureTest, OnlyRegularFilesAreOpened) {
  EXPECT_THAT(refusal(at("missing.jpg")), HasSubstr("No such file"));
  EXPECT_THAT(refusal(folder), HasSubstr("a folder"));
  EXPECT_THAT(refusal("/dev/zero"), HasSubstr("a device"));
  ASSERT_EQ(mkfifo(at("pipe.jpg").c_str(), 0600), 0);
  EXPECT_THAT(refusal(at("pipe.jpg")), HasSubstr("a pipe"));
  ASSERT_EQ(symlink(at("loop").c_str(), at("loop").c_str()), 0);
  EXPECT_THAT(refusal(at("loop")), HasSubstr("symbolic links"));
  EXPECT_THAT(refusal(at(std::string(5000, 'x'))), HasSubstr("too long"));
}

TEST_F(OpenPictureTest, NamesAreBytes) {
  const std::string jpeg = bytes_of(save(ramp(), "a.jpg"));
  for (const std::string& name :
       {std::string("caf\xe9.jpg"), std::string("a\nb.jpg"), std::string("-o.jpg"), std::string("a[page=3].jpg"),
        std::string("%d{}$(x).jpg"), std::string("a b"), std::string(251, 'n') + ".jpg",
        std::string("\xe2\x80\xae"
                    "gpj.jpg")}) {
    EXPECT_THAT(refusal(put(name, jpeg)), IsEmpty()) << name;
    EXPECT_NO_THROW(save(open_picture(at(name)).image, name == "a b" ? "b a.png" : name)) << name;
  }
}

TEST_F(OpenPictureTest, ContentDecidesAndAWrongExtensionIsTold) {
  const std::string png = bytes_of(save(ramp(), "a.png"));
  const OpenPicture picture = open_picture(put("a.jpg", png));
  EXPECT_EQ(picture.format, "png");
  EXPECT_THAT(picture.warnings, Contains("wrong extension: the name says jpeg, the content is png"));
}

TEST_F(OpenPictureTest, CutFilesAreRefused) {
  expect_every_cut_refused(save(ramp(), "a.jpg"), 3);
  expect_every_cut_refused(save(ramp(), "a.png"), 13);  // before the end chunk
  expect_every_cut_refused(save(ramp(), "a.webp"), 1);
  expect_every_cut_refused(save(ramp(), "b.webp", {.is_lossless = true}), 1);
  expect_every_cut_refused(save(ramp(), "a.jxl"), 1);
  expect_every_cut_refused(save(ramp(), "a.avif"), 1);
}

TEST_F(OpenPictureTest, CutTiffsAreRefused) {
  const ImagePtr image = ramp();
  for (const auto compression :
       {VIPS_FOREIGN_TIFF_COMPRESSION_NONE, VIPS_FOREIGN_TIFF_COMPRESSION_LZW, VIPS_FOREIGN_TIFF_COMPRESSION_JPEG})
    for (const bool is_tiled : {false, true}) {
      ASSERT_EQ(vips_tiffsave(image.get(), at("t.tif").c_str(), "compression", compression, "tile", is_tiled, nullptr),
                0);
      expect_every_cut_refused(at("t.tif"), 200);
    }
}

TEST_F(OpenPictureTest, DamageIsRenderedWhenAccepted) {
  const std::string jpeg = bytes_of(save(ramp(), "a.jpg"));
  put("half.jpg", jpeg.substr(0, jpeg.size() / 2));
  EXPECT_THAT(refusal(at("half.jpg")), Not(IsEmpty()));
  EXPECT_EQ(read_all(at("half.jpg"), {.accept_truncated = true}).size(), 96u * 64 * 3);
  EXPECT_THAT(open_picture(at("half.jpg"), {.accept_truncated = true}).warnings, Contains(HasSubstr("damage")));
}

TEST_F(OpenPictureTest, WrongChecksumsInPngAreRefused) {
  std::string png = bytes_of(save(ramp(), "a.png"));
  const auto data = png.find("IDAT");
  png[data + 40] = static_cast<char>(png[data + 40] ^ 1);
  EXPECT_THAT(refusal(put("bad.png", png)), Not(IsEmpty()));
}

TEST_F(OpenPictureTest, MuchDamageInJpegIsRefused) {
  std::string jpeg = bytes_of(save(ramp(400, 300), "a.jpg"));
  for (std::size_t i = 1000; i < jpeg.size() - 1000; i += 97) jpeg[i] = static_cast<char>(i * 31);
  EXPECT_THAT(refusal(put("bad.jpg", jpeg)), Not(IsEmpty()));
}

TEST_F(OpenPictureTest, ColorNamedByNumbersBecomesAProfile) {
  save(ramp(), "plain.png");
  const std::string plain = bytes_of(at("plain.png"));
  const auto with = [&](const std::string& codes) {
    constexpr std::size_t after_head = 33;
    return open_picture(
        put("coded.png", plain.substr(0, after_head) + chunk("cICP", codes) + plain.substr(after_head)));
  };
  const auto has_profile = [](const OpenPicture& p) {
    return vips_image_get_typeof(p.image.get(), VIPS_META_ICC_NAME) != 0;
  };
  const OpenPicture p3 = with(std::string("\x0c\x0d\x00\x01", 4));
  EXPECT_TRUE(has_profile(p3));
  EXPECT_NE(p3.profile, nullptr);
  EXPECT_THAT(p3.warnings, IsEmpty());
  const OpenPicture srgb = with(std::string("\x01\x0d\x00\x01", 4)), hlg = with(std::string("\x09\x12\x00\x01", 4));
  EXPECT_FALSE(has_profile(srgb));
  EXPECT_THAT(srgb.warnings, IsEmpty());
  EXPECT_FALSE(has_profile(hlg));
  EXPECT_THAT(hlg.warnings, Contains(HasSubstr("color primaries 9 and transfer 18")));
  EXPECT_THAT(open_picture(at("plain.png")).warnings, IsEmpty());
}

TEST_F(OpenPictureTest, TrailingBytesAreNoDamage) {
  const std::string jpeg = bytes_of(save(ramp(), "a.jpg"));
  EXPECT_THAT(refusal(put("two.jpg", jpeg + jpeg)), IsEmpty());
  EXPECT_THAT(refusal(put("tail.jpg", jpeg + "garbage")), IsEmpty());
}

TEST_F(OpenPictureTest, SizesThatCannotBeAreRefusedAtOnce) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(refusal(put("a.png", png_head(0x7fffffff, 0x7fffffff))), Not(IsEmpty()));
  EXPECT_THAT(refusal(put("a.png", png_head(0, 0))), Not(IsEmpty()));
  const std::uint32_t huge = 0x7fffffff;
  EXPECT_THAT(
      refusal(put(
          "a.tif",
          tiff_of(
              {{256, 4, {huge}}, {257, 4, {huge}}, {258, 3, {8, 8, 8}}, {262, 3, {2}}, {277, 3, {3}}, {278, 4, {huge}}},
              "xxx"))),
      Not(IsEmpty()));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(150));
}

TEST_F(OpenPictureTest, MorePixelsThanAllowedAreAMatterOfResources) {
  save(ramp(), "a.png");
  EXPECT_THAT(refusal(at("a.png"), Code::resource, {.max_pixels = 6000}),
              HasSubstr("found 96 x 64 pixels; expected at most 6000"));
  const std::string bomb = png_head(30000, 30000) + chunk("IDAT", "x") + chunk("IEND", "");
  EXPECT_THAT(refusal(put("bomb.png", bomb), Code::resource), HasSubstr("--max-pixels"));
}

TEST_F(OpenPictureTest, OfSeveralPagesTheFirstIsRendered) {
  VipsImage* pages[2]{ramp().get(), ramp().get()};
  const ImagePtr a = ramp(), b = ramp();
  pages[0] = a.get(), pages[1] = b.get();
  VipsImage* both = nullptr;
  ASSERT_EQ(vips_arrayjoin(pages, &both, 2, "across", 1, nullptr), 0);
  const ImagePtr owner = own(both);
  vips_image_set_int(both, VIPS_META_PAGE_HEIGHT, 64);
  ASSERT_EQ(vips_tiffsave(both, at("pages.tif").c_str(), nullptr), 0);
  const OpenPicture picture = open_picture(at("pages.tif"));
  EXPECT_EQ(picture.height(), 64);
  EXPECT_THAT(picture.warnings, Contains("found 2 pages or sizes; the first is rendered"));
  EXPECT_NO_THROW(save(picture.image, "one.tif"));
  EXPECT_EQ(open_picture(at("one.tif")).height(), 64);
}

TEST_F(OpenPictureTest, RandomChangesNeverDoMoreThanRefuse) {
  std::uint32_t random = 7;
  for (const char* name : {"a.jpg", "a.png", "a.tif", "a.webp", "a.jxl"}) {
    const std::string whole = bytes_of(save(ramp(40, 30), name));
    for (int i = 0; i < 60; ++i) {
      std::string bytes = whole;
      for (int k = 0; k < 1 + i % 8; ++k) {
        random = random * 1664525u + 1013904223u;
        bytes[(random >> 8) % bytes.size()] = static_cast<char>(random >> 3);
      }
      try {
        read_all(put("changed", bytes), {.max_pixels = 1'000'000});
      } catch (const Error&) {
      }
    }
  }
}

}  // namespace
}  // namespace sfumato
