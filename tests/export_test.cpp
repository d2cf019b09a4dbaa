// SPDX-License-Identifier: Apache-2.0
// An exported table, applied by another program, gives our renderer's picture. (ffmpeg's 16-bit conversion alone moves
// values by up to 1e-3; src/render/lut_test.cpp compares in float.)
#include <cstdio>
#include <functional>

#include "program.h"

namespace sfumato {
namespace {

struct Difference {
  double mean, most;
};

// Of two 16-bit pictures, as shares of white.
Difference difference(const std::function<Result(const std::string&)>& shell, const std::string& a, const std::string& b) {
  const Result r = shell("vips subtract " + a + " " + b + " .d.v && vips abs .d.v .a.v && vips avg .a.v && vips max .a.v; rm -f .*.v");
  double mean = 1e9, most = 1e9;
  EXPECT_EQ(2, std::sscanf(r.out.c_str(), "%lf %lf", &mean, &most)) << r.err;
  return {mean / 65535, most / 65535};
}

class ExportTest : public ProgramTest {
 protected:
  // Random colors, 16-bit.
  void colors() {
    const Result r = shell("for i in 1 2 3; do vips gaussnoise .n$i.v 400 400 --mean 0.5 --sigma 0.35 --seed $i; done; "
                           "vips bandjoin '.n1.v .n2.v .n3.v' .rgb.v && vips linear .rgb.v .l.v 65535 0 && vips cast .l.v .u.v ushort && "
                           "vips copy .u.v in.png --interpretation rgb16; rm -f .*.v");
    ASSERT_TRUE(std::filesystem::exists(folder / "in.png")) << r.err;
  }
  Difference to_ffmpeg(const std::string& look) {
    EXPECT_EQ(0, sfumato("export " + look + " -o look.cube").code);
    EXPECT_EQ(0, sfumato("render in.png " + look + " --if-exists overwrite -o ours.png").code);
    const Result r = shell("ffmpeg -v error -y -i in.png -vf format=gbrpf32le,lut3d=look.cube:interp=tetrahedral,format=gbrp16le -pix_fmt rgb48be theirs.png");
    EXPECT_EQ(0, r.code) << r.err;
    return difference([this](const std::string& c) { return shell(c); }, "ours.png", "theirs.png");
  }
};

TEST_F(ExportTest, CubeThroughFfmpegIsTheRenderersPicture) {
  colors();
  const Difference d = to_ffmpeg("--look classic-chrome --set vignette.amount=0 --set grain.amount=0");
  EXPECT_LE(d.mean, 2.5e-4);
  EXPECT_LE(d.most, 7e-3);
}

}  // namespace
}  // namespace sfumato
