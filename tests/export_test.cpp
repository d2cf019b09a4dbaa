// SPDX-License-Identifier: Apache-2.0
// An exported table, applied by another program, gives our renderer's picture. (ffmpeg's 16-bit conversion alone moves
// values by up to 1e-3; src/render/lut_test.cpp compares in float.)
#include <algorithm>
#include <cstdio>
#include <functional>

#include "program.h"

namespace sfumato {
namespace {

struct Difference {
  double mean, most;
};

// Of two 16-bit pictures, as shares of white.
Difference difference(const std::function<Result(const std::string&)>& shell, const std::string& a,
                      const std::string& b) {
  const Result r = shell("vips subtract " + a + " " + b +
                         " .d.v && vips abs .d.v .a.v && vips avg .a.v && vips max .a.v; rm -f .*.v");
  double mean = 1e9, most = 1e9;
  EXPECT_EQ(2, std::sscanf(r.out.c_str(), "%lf %lf", &mean, &most)) << r.err;
  return {mean / 65535, most / 65535};
}

class ExportTest : public ProgramTest {
 protected:
  // Random colors, 16-bit.
  void colors() {
    const Result r = shell(
        "for i in 1 2 3; do vips gaussnoise .n$i.v 400 400 --mean 0.5 --sigma 0.35 --seed $i; done; "
        "vips bandjoin '.n1.v .n2.v .n3.v' .rgb.v && vips linear .rgb.v .l.v 65535 0 && vips cast .l.v .u.v ushort && "
        "vips copy .u.v in.png --interpretation rgb16; rm -f .*.v");
    ASSERT_TRUE(std::filesystem::exists(folder / "in.png")) << r.err;
  }
  // Of the renderer's picture from another program's: `apply` makes theirs.png of look.cube and in.png.
  Difference to(const std::string& apply, const std::string& look) {
    colors();
    EXPECT_EQ(0, sfumato("export " + look + " -o look.cube").code);
    EXPECT_EQ(0, sfumato("render in.png " + look + " -o ours.png").code);
    const Result r = shell(apply);
    EXPECT_EQ(0, r.code) << r.err;
    return difference([this](const std::string& c) { return shell(c); }, "ours.png", "theirs.png");
  }
  bool has_ocio() const { return shell("/usr/bin/python3 -c 'import numpy, PyOpenColorIO'").code == 0; }

  // What export says of itself.
  double max_difference(const std::string& arguments) const {
    const std::string out = sfumato("export " + arguments).out;
    const auto at = std::min(out.find("difference mean"), out.size());
    double mean = 0, most = 0;
    EXPECT_EQ(2, std::sscanf(out.c_str() + at, "difference mean %lf, max %lf", &mean, &most)) << out;
    return most;
  }
};

constexpr const char* of_pixels_only = "--look classic-chrome --set vignette.amount=0 --set grain.amount=0";
constexpr const char* by_ffmpeg =
    "ffmpeg -v error -y -i in.png -vf format=gbrpf32le,lut3d=look.cube:interp=tetrahedral,format=gbrp16le -pix_fmt "
    "rgb48be theirs.png";
constexpr const char* by_ocio = "vips rawsave in.png .in.raw && /usr/bin/python3 " SFUMATO_SOURCE_DIR
                                "/tests/ocio_apply.py look.cube .in.raw .out.raw && "
                                "vips rawload .out.raw .raw.v 400 400 6 && vips copy .raw.v theirs.png --format ushort "
                                "--bands 3 --interpretation rgb16";

TEST_F(ExportTest, CubeThroughFfmpegIsTheRenderersPicture) {
  const Difference d = to(by_ffmpeg, of_pixels_only);
  EXPECT_LE(d.mean, 2.5e-4);
  EXPECT_LE(d.most, 7e-3);
}

TEST_F(ExportTest, CubeThroughOpenColorIoIsTheRenderersPicture) {
  if (!has_ocio()) GTEST_SKIP() << "PyOpenColorIO is not installed";
  const Difference d = to(by_ocio, of_pixels_only);
  EXPECT_LE(d.mean, 2.5e-4);
  EXPECT_LE(d.most, 7e-3);
  RecordProperty("mean", std::to_string(d.mean));
  RecordProperty("most", std::to_string(d.most));
}

TEST_F(ExportTest, IdentityThroughOpenColorIoIsTheIdentity) {
  if (!has_ocio()) GTEST_SKIP() << "PyOpenColorIO is not installed";
  EXPECT_LE(to(by_ocio, "--set exposure.stops=0").most, 2e-5);
}

TEST_F(ExportTest, OfOnePhotoIsTheLookForThatPhoto) {
  spill(folder / "follows.json",
        R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": {"from": "key", "target": 0.05}}]})");
  colors();
  EXPECT_NE(sfumato("export --look follows.json -o all.cube").out.find("this is the look for all photos"),
            std::string::npos);
  const Result r = sfumato("export --look follows.json --photo in.png -o look.cube");
  EXPECT_EQ(0, r.code) << r.err;
  EXPECT_EQ(r.out.find("not carried"), std::string::npos) << r.out;
  ASSERT_EQ(0, sfumato("render in.png --look follows.json -o ours.png").code);
  ASSERT_EQ(0, shell(by_ffmpeg).code);
  const auto run = [this](const std::string& c) { return shell(c); };
  EXPECT_LE(difference(run, "ours.png", "theirs.png").mean, 1e-3);
  EXPECT_GE(difference(run, "ours.png", "in.png").mean, 0.05);
  EXPECT_EQ(4, sfumato("export --look follows.json --photo none.png -o none.cube").code);
}

TEST_F(ExportTest, SaysWhyEachOperationIsLeftOut) {
  EXPECT_NE(sfumato("export --set vignette.amount=1 -o a.cube --size 5").out.find("vignette (it depends on"),
            std::string::npos);
  EXPECT_NE(sfumato("export --look classic-chrome -o b.cube --size 5").out.find("vignette, grain (they depend on"),
            std::string::npos);
}

// Lights over white: a .cube keeps them for the clipping to come after, a .3dl cannot.
TEST_F(ExportTest, TheResidualIsThatOfTheFile) {
  const double cube = max_difference("--set exposure.stops=0.5 --size 17 -o a.cube");
  EXPECT_GT(max_difference("--set exposure.stops=0.5 --size 17 -o a.3dl"), 2 * cube);
  EXPECT_GT(max_difference("--set exposure.stops=0.5 --size 16 -o a.png"), 2 * cube);
  // Rounding to 12 bits shows even where nothing is clipped.
  EXPECT_NEAR(max_difference("--set exposure.stops=0 --size 17 -o b.3dl"), 0.5 / 4095, 0.6 / 4095);
}

}  // namespace
}  // namespace sfumato
