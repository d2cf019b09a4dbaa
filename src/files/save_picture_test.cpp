// SPDX-License-Identifier: Apache-2.0
// Outputs are complete or absent, and carry the input's metadata.
#include <sys/resource.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "files/metadata.h"
#include "files/picture_fixture.h"
#include "files/vips_metadata.h"

namespace sfumato {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> all_formats{"jpg", "png", "tif", "webp", "avif", "jxl"};

// Any write beyond so many bytes fails as on a full disk.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

class SavePictureTest : public PictureTest {
 protected:
  static std::string output_of(const std::string& command) {
    std::string out;
    FILE* pipe = popen(command.c_str(), "r");
    char buffer[4096];
    for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
    pclose(pipe);
    return out;
  }

  nlohmann::json tags(const std::string& name) const {
    return nlohmann::json::parse(output_of("exiftool -j -a -G1 -struct '" + at(name) + "'"))[0];
  }

  // A JPEG that lies on its side, with every kind of metadata.
  std::string full_jpeg() const {
    const ImagePtr image = ramp();
    vips_jpegsave(image.get(), at("in.jpg").c_str(), "profile", "p3", "Q", 95, nullptr);
    save(image, "thumb.jpg");
    EXPECT_EQ(
        std::system(("exiftool -q -overwrite_original -Orientation#=6 -Make=Acme -Model='Cam 1' -ISO=200 -FNumber=2.8 "
                     "-XResolution=300 -YResolution=300 -ResolutionUnit=inches "
                     "-DateTimeOriginal='2024:05:06 07:08:09' -GPSLatitude=48.2 -GPSLatitudeRef=N -GPSLongitude=16.3 "
                     "-GPSLongitudeRef=E "
                     "-Copyright=Me -XMP:Rating=4 -XMP:Subject=alpha -XMP:Subject=beta -XMP-tiff:Orientation#=6 "
                     "-IPTC:Keywords=k1 -IPTC:Keywords=k2 "
                     "-IPTC:City=Wien -IPTC:Caption-Abstract='A text' '-ThumbnailImage<=" +
                     at("thumb.jpg") + "' '" + at("in.jpg") + "'")
                        .c_str()),
        0);
    std::filesystem::remove(at("thumb.jpg"));
    return at("in.jpg");
  }

  void expect_all_metadata(const std::string& name, const std::string& format) const {
    const nlohmann::json t = tags(name);
    auto text = [&](const char* key) { return t.contains(key) ? t[key].dump() : std::string("none"); };
    EXPECT_EQ(text("IFD0:Make"), "\"Acme\"") << name;
    EXPECT_EQ(text("IFD0:Orientation"), "\"Horizontal (normal)\"") << name;
    EXPECT_EQ(text("IFD0:Copyright"), "\"Me\"") << name;
    EXPECT_EQ(text("IFD0:XResolution"), "300") << name;
    EXPECT_EQ(text("ExifIFD:ISO"), "200") << name;
    EXPECT_EQ(text("ExifIFD:DateTimeOriginal"), "\"2024:05:06 07:08:09\"") << name;
    EXPECT_THAT(text("GPS:GPSLatitude"), HasSubstr("48 deg 12'")) << name;
    EXPECT_THAT(text("GPS:GPSLongitudeRef"), HasSubstr("East")) << name;
    EXPECT_EQ(text("XMP-xmp:Rating"), "4") << name;
    EXPECT_THAT(text("XMP-dc:Subject"), HasSubstr("alpha")) << name;
    EXPECT_EQ(text("XMP-tiff:Orientation"), "\"Horizontal (normal)\"") << name;
    EXPECT_EQ(text("IFD1:ThumbnailImage"), "none") << name;
    EXPECT_EQ(text("XMP-sfumato:Look"), "\"velvia\"") << name;
    const bool has_iptc = format == "jpg" || format == "tif";
    EXPECT_EQ(text(has_iptc ? "IPTC:City" : "XMP-photoshop:City"), "\"Wien\"") << name;
    EXPECT_THAT(text(has_iptc ? "IPTC:Caption-Abstract" : "XMP-dc:Description"), HasSubstr("A text")) << name;
    EXPECT_FALSE(t.contains("ExifTool:Warning") && t["ExifTool:Warning"].dump().find("minor") == std::string::npos)
        << t["ExifTool:Warning"];
    EXPECT_TRUE(open_picture(at(name)).profile) << name;
    EXPECT_EQ(open_picture(at(name)).width(), 64) << name;
  }
};

TEST_F(SavePictureTest, EveryFormatCarriesAllMetadataFromEveryOther) {
  if (!has("exiftool")) GTEST_SKIP() << "exiftool (libimage-exiftool-perl) is not installed";
  full_jpeg();
  SaveOptions options;
  options.look_name = "velvia";
  for (const std::string& first : all_formats) {
    save(open_picture(at("in.jpg")).image, "first." + first, options);
    expect_all_metadata("first." + first, first);
    for (const char* second : {"jpg", "tif", "jxl", "png"})
      save(open_picture(at("first." + first)).image, first + "." + second, options);
    // Once in XMP, IPTC stays there.
    expect_all_metadata(first + ".jpg", first == "jpg" || first == "tif" ? "jpg" : "png");
    expect_all_metadata(first + ".png", "png");
  }
}

TEST_F(SavePictureTest, TheLookIsReadBackFromEveryFormat) {
  for (const std::string& format : all_formats) {
    SaveOptions options;
    options.look_name = "noir";
    options.look_text = "{\"steps\": [\"<&>\"]}";
    options.key = "key";
    save(ramp(), "a." + format, options);
    const auto look = read_look(read_xmp(at("a." + format)));
    ASSERT_TRUE(look) << format;
    EXPECT_EQ(look->settings, options.look_text) << format;
  }
}

TEST_F(SavePictureTest, SamplesAreKeptWhereTheFormatCan) {
  for (const auto& [format, deepest] : {std::pair{"jpg", Sample::u8},
                                        {"webp", Sample::u8},
                                        {"png", Sample::u16},
                                        {"avif", Sample::u16},
                                        {"jxl", Sample::u16},
                                        {"tif", Sample::f32}}) {
    EXPECT_EQ(output_sample({}, std::string("a.") + format, Sample::f32), deepest) << format;
    EXPECT_EQ(output_sample({}, std::string("a.") + format, Sample::u8), Sample::u8) << format;
    EXPECT_EQ(output_sample({.bits = 8}, std::string("a.") + format, Sample::f32), Sample::u8) << format;
  }
}

TEST_F(SavePictureTest, DeepSamplesComeBack) {
  VipsImage *deep = nullptr, *real = nullptr;
  const ImagePtr image = ramp();
  ASSERT_EQ(vips_linear1(image.get(), &real, 1 / 255.0, 0.0, nullptr), 0);
  const ImagePtr real_owner = own(real);
  ASSERT_EQ(vips_cast(image.get(), &deep, VIPS_FORMAT_USHORT, "shift", TRUE, nullptr), 0);
  const ImagePtr deep_owner = own(deep);
  for (const char* name : {"a.png", "a.tif", "a.jxl"}) {
    save(deep_owner, name, {.is_lossless = true});
    EXPECT_EQ(open_picture(at(name)).sample(), Sample::u16) << name;
    EXPECT_EQ(read_all(at(name))[3 * 50], 50 * 255 / 96 * 257.0 - 50 * 255 / 96) << name;
  }
  save(real_owner, "f.tif");
  EXPECT_EQ(open_picture(at("f.tif")).sample(), Sample::f32);
  EXPECT_FLOAT_EQ(static_cast<float>(read_all(at("f.tif"))[3 * 50]), 50 * 255 / 96 / 255.0f);
  save(real_owner, "f.jpg");
  EXPECT_NEAR(read_all(at("f.jpg"))[3 * 50], 50 * 255 / 96, 3);
}

TEST_F(SavePictureTest, TransparencyIsLaidOnWhiteInJpeg) {
  VipsImage* clear = nullptr;
  ASSERT_EQ(vips_bandjoin_const1(ramp().get(), &clear, 0.0, nullptr), 0);
  const ImagePtr owner = own(clear);
  EXPECT_THAT(save_picture(clear, at("a.jpg"), {}, "in"), Contains(HasSubstr("white")));
  EXPECT_EQ(read_all(at("a.jpg"))[0], 255);
  EXPECT_THAT(save_picture(clear, at("a.png"), {}, "in"), IsEmpty());
  EXPECT_EQ(open_picture(at("a.png")).bands(), 4);
}

TEST_F(SavePictureTest, UnknownFormatsAndOversizeAreRefused) {
  EXPECT_THROW(output_format({}, "a.xyz"), Error);
  EXPECT_THROW(output_format({}, "folder.png/name"), Error);
  EXPECT_EQ(output_format({}, "A.JPEG"), "jpg");
  EXPECT_EQ(output_format({.format = "tiff"}, "noname"), "tif");
  try {
    save(ramp(20000, 2), "a.webp");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::output);
    EXPECT_THAT(e.what(), HasSubstr("16383"));
  }
  EXPECT_EQ(file_count(), 0);
}

TEST_F(SavePictureTest, DamagedInputsLeaveTheOldOutputAndNoOther) {
  const std::string jpeg = bytes_of(save(ramp(), "a.jpg"));
  put("half.jpg", jpeg.substr(0, jpeg.size() / 2));
  for (const std::string& format : all_formats) {
    const std::string old = put("out." + format, "old");
    try {
      save_picture(open_picture(at("half.jpg")).image.get(), old, {}, "half.jpg");
      FAIL() << format;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::input) << e.what();
      EXPECT_EQ(e.where(), "half.jpg");
    }
    EXPECT_EQ(bytes_of(old), "old");
    std::filesystem::remove(old);
  }
  EXPECT_EQ(file_count(), 2);
}

TEST_F(SavePictureTest, AFullDiskLeavesTheOldOutputAndNoOther) {
  for (const std::string& format : all_formats) {
    put("out." + format, "old");
    try {
      const SizeLimit limit(900);
      save_picture(ramp(300, 300).get(), at("out." + format), {}, "in");
      ADD_FAILURE() << format;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::output) << e.what();
      EXPECT_EQ(e.where(), at("out." + format));
    }
    EXPECT_EQ(bytes_of(at("out." + format)), "old");
    std::filesystem::remove(at("out." + format));
  }
  EXPECT_EQ(file_count(), 0);
}

TEST_F(SavePictureTest, InputMayBeOutput) {
  save(ramp(), "a.tif");
  const auto before = read_all(at("a.tif"));
  save(open_picture(at("a.tif")).image, "a.tif");
  EXPECT_EQ(read_all(at("a.tif")), before);
}

TEST_F(SavePictureTest, DamagedXmpIsDroppedAndTold) {
  const ImagePtr image = ramp();
  set_blob(image.get(), VIPS_META_XMP_NAME, "<rdf:RDF><never closed");
  ASSERT_EQ(vips_pngsave(image.get(), at("a.png").c_str(), nullptr), 0);
  EXPECT_THAT(open_picture(at("a.png")).warnings, Contains(HasSubstr("XMP packet is damaged")));
}

TEST_F(SavePictureTest, ALookTooLongForJpegIsTold) {
  SaveOptions options;
  options.look_name = "long";
  options.look_text = std::string(80'000, 'x');
  EXPECT_THAT(save_picture(ramp().get(), at("a.jpg"), options, "in"), Contains(HasSubstr("too long")));
  EXPECT_THAT(save_picture(ramp().get(), at("a.png"), options, "in"), IsEmpty());
  EXPECT_EQ(read_look(read_xmp(at("a.png")))->settings.size(), 80'000u);
}

}  // namespace
}  // namespace sfumato
