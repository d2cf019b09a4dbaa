// SPDX-License-Identifier: Apache-2.0
// sfumato match as a user meets it.
#include <cstdio>

#include "program.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

class MatchProgram : public ProgramTest {
 protected:
  // Largest difference of two pictures' samples.
  double difference(const std::string& a, const std::string& b) const {
    const Result r = shell("vips subtract " + a + " " + b + " .d.v && vips abs .d.v .a.v && vips max .a.v; rm -f .*.v");
    double most = 1e9;
    EXPECT_EQ(1, std::sscanf(r.out.c_str(), "%lf", &most)) << r.err;
    return most;
  }
  double mean(const std::string& picture, int band) const {
    const Result r = shell("vips extract_band " + picture + " .b.v " + std::to_string(band) + " && vips avg .b.v");
    double value = -1;
    EXPECT_EQ(1, std::sscanf(r.out.c_str(), "%lf", &value)) << r.err;
    return value;
  }
  // A photo and a reference of other colors.
  void pair() {
    photo("in.png");
    photo("small.png", 200, 150);
    EXPECT_EQ(0, sfumato("render small.png --look cyberpunk --set vignette.amount=0 -o ref.png").code);
  }
};

TEST_F(MatchProgram, TakesOverAReferenceAndRecordsIt) {
  pair();
  EXPECT_EQ(0, sfumato("match in.png --reference ref.png -o out.jpg").code);
  EXPECT_NE(slurp(folder / "out.jpg").find("sfumato:look=\"match\""), std::string::npos);
  EXPECT_GT(difference("in.png", "out.jpg"), 20);
}

TEST_F(MatchProgram, ReturnsThePhotoThatIsItsOwnReference) {
  photo("in.png");
  for (const char* options : {"", "--edges off", "--method cdf", "--regions 3"}) {
    EXPECT_EQ(0, sfumato(std::string("match in.png --reference in.png --dither off --if-exists overwrite -o out.png ") +
                         options)
                     .code);
    EXPECT_LE(difference("in.png", "out.png"), 1) << options;
  }
}

TEST_F(MatchProgram, SavesItsColorsAsATableThatFfmpegApplies) {
  pair();
  EXPECT_EQ(0, shell("vips colourspace in.png deep.png rgb16").code);
  EXPECT_EQ(0, sfumato("match deep.png --reference ref.png --edges off --bits 16 --save-look l.cube -o ours.png").code);
  const Result r = shell(
      "ffmpeg -v error -y -i deep.png -vf format=gbrpf32le,lut3d=l.cube:interp=tetrahedral,format=gbrp16le -pix_fmt "
      "rgb48be theirs.png");
  ASSERT_EQ(0, r.code) << r.err;
  // ffmpeg's own conversion of 16 bits moves values by up to 1e-3, and steep tables more.
  const double most = difference("ours.png", "theirs.png") / 65535,
               mean = std::stod(shell("vips subtract ours.png theirs.png .d.v && vips abs .d.v .a.v && vips avg .a.v; "
                                      "rm -f .*.v")
                                    .out) /
                      65535;
  RecordProperty("mean_residual", std::to_string(mean));
  RecordProperty("largest_residual", std::to_string(most));
  EXPECT_LT(mean, 3e-4);
  EXPECT_LT(most, 1e-2);
}

TEST_F(MatchProgram, SavesLooksThatRenderTheSame) {
  pair();
  for (const std::string ending : {"cube", "json", "safetensors"}) {
    const std::string look = "l_" + ending + "." + ending;
    EXPECT_EQ(0, sfumato("match in.png --reference ref.png --edges off --dither off --if-exists overwrite -o a.png "
                         "--save-look " +
                         look)
                     .code);
    EXPECT_EQ(0, sfumato("render in.png --look " + look + " --dither off --if-exists overwrite -o b.png").code);
    EXPECT_LE(difference("a.png", "b.png"), 1) << ending;
  }
}

TEST_F(MatchProgram, GivesASeriesOneLook) {
  pair();
  photo("other.png", 240, 300);
  const std::string base = "match in.png other.png --reference ref.png --edges off --dither off --name {stem}.png -o ";
  EXPECT_EQ(2, sfumato(base + "out/ --save-look s.cube").code);
  EXPECT_EQ(0, sfumato(base + "out/ --series --save-look s.cube").code);
  for (const char* name : {"in.png", "other.png"}) {
    EXPECT_EQ(0, sfumato(std::string("render ") + name + " --look s.cube --dither off -o r_" + name).code);
    EXPECT_LE(difference(std::string("r_") + name, std::string("out/") + name), 1) << name;
  }
}

TEST_F(MatchProgram, MatchesRegionsOfMasksWithEachOther) {
  // The left half white, the right half black, in both; the reference is red at the left, blue at the right.
  photo("in.png", 100, 80);
  EXPECT_EQ(0,
            shell("vips black .l.v 50 80 --bands 3 && vips linear .l.v .r.v 1 '200 20 20' && "
                  "vips linear .l.v .b.v 1 '20 20 200' && vips join .r.v .b.v .j.v horizontal && "
                  "vips cast .j.v .u.v uchar && vips copy .u.v ref.png --interpretation srgb && "
                  "vips linear .l.v .w.v 1 255 && vips join .w.v .l.v .m.v horizontal && vips cast .m.v .n.v uchar && "
                  "vips copy .n.v mask.png --interpretation srgb; rm -f .*.v")
                .code);
  EXPECT_EQ(0, sfumato("match in.png --reference ref.png --mask mask.png --reference-mask mask.png --edges off "
                       "--protection 0 -o out.png")
                   .code);
  auto point = [&](int x) {
    double rgb[3]{};
    const Result r = shell("vips getpoint out.png " + std::to_string(x) + " 40");
    EXPECT_EQ(3, std::sscanf(r.out.c_str(), "%lf %lf %lf", rgb, rgb + 1, rgb + 2)) << r.err;
    return rgb[0] - rgb[2];
  };
  EXPECT_GT(point(10), 80);
  EXPECT_LT(point(90), -80);
  EXPECT_EQ(2, sfumato("match in.png --reference ref.png --mask mask.png -o o.png").code);
  EXPECT_EQ(2, sfumato("match in.png --reference ref.png --regions 2 --save-look l.cube -o o.png").code);
}

TEST_F(MatchProgram, HandlesOddReferencesOrSaysWhatIsWrong) {
  pair();
  auto make = [&](const std::string& command) { EXPECT_EQ(0, shell(command + "; rm -f .*.v").code) << command; };
  make("vips colourspace ref.png gray.png b-w");
  make(
      "vips black .k.v 64 48 --bands 3 && vips linear .k.v .o.v 1 '200 90 30' --uchar && "
      "vips copy .o.v one.png --interpretation srgb");
  make("vips crop ref.png tiny.png 0 0 1 1");
  make("vips colourspace ref.png deep.png rgb16");
  make("vips black .a.v 200 150 && vips bandjoin 'ref.png .a.v' clear.png");
  for (const char* name : {"gray", "one", "tiny", "deep"}) {
    const Result r = sfumato(std::string("match in.png --reference ") + name + ".png -o o_" + name + ".png");
    EXPECT_EQ(0, r.code) << name << r.err;
  }
  const Result clear = sfumato("match in.png --reference clear.png -o o.png");
  EXPECT_EQ(4, clear.code);
  EXPECT_NE(clear.err.find("transparent"), std::string::npos) << clear.err;
  spill(folder / "damaged.png", slurp(folder / "ref.png").substr(0, 2000));
  EXPECT_EQ(4, sfumato("match in.png --reference damaged.png -o o.png").code);
  EXPECT_EQ(4, sfumato("match in.png --reference none.png -o o.png").code);
  EXPECT_EQ(6, sfumato("match in.png --reference ref.png --max-pixels 10 -o o.png").code);
  EXPECT_FALSE(fs::exists(folder / "o.png"));
}

// 16 bits say the same as 8, and what is transparent says nothing.
TEST_F(MatchProgram, SeesTheSameInAReferenceOfOtherForm) {
  pair();
  EXPECT_EQ(0, shell("vips colourspace ref.png deep.png rgb16").code);
  EXPECT_EQ(0, shell("vips black .k.v 100 150 && vips linear .k.v .o.v 1 255 --uchar && vips join .o.v .k.v .a.v "
                     "horizontal && vips bandjoin 'ref.png .a.v' half.png && vips crop ref.png left.png 0 0 100 150; "
                     "rm -f .*.v")
                   .code);
  for (const char* name : {"ref", "deep", "half", "left"})
    EXPECT_EQ(
        0, sfumato(std::string("match in.png --dither off --reference ") + name + ".png -o o_" + name + ".png").code);
  EXPECT_LE(difference("o_ref.png", "o_deep.png"), 1);
  // Other grids of samples.
  EXPECT_LT(difference("o_half.png", "o_left.png"), 0.5 * difference("o_half.png", "o_ref.png"));
}

TEST_F(MatchProgram, GivesAPhotoTheOneColorOfAReference) {
  pair();
  EXPECT_EQ(0, shell("vips black .k.v 64 48 --bands 3 && vips linear .k.v .o.v 1 '200 90 30' --uchar && "
                     "vips copy .o.v one.png --interpretation srgb; rm -f .*.v")
                   .code);
  EXPECT_EQ(0, sfumato("match in.png --reference one.png --edges off --protection 0 -o o.png").code);
  EXPECT_NEAR(mean("o.png", 0), 200, 12);
  EXPECT_NEAR(mean("o.png", 1), 90, 12);
  EXPECT_NEAR(mean("o.png", 2), 30, 12);
}

// 600 MB of pixels in a small file.
TEST_F(MatchProgram, ReadsAHugeReferenceInLittleMemory) {
  photo("in.png");
  EXPECT_EQ(0, shell("vips black .k.v 2500 625 --bands 3 && vips linear .k.v .r.v 1 '200 90 30' --uchar && "
                     "vips linear .k.v .b.v 1 '20 60 180' --uchar && vips join .r.v .b.v .j.v vertical && "
                     "vips copy .j.v .s.v --interpretation srgb && "
                     "vips replicate .s.v 'huge.tif[compression=packbits]' 8 8; rm -f .*.v")
                   .code);
  const Result r = shell(
      "/usr/bin/python3 -c 'import resource, subprocess, sys; subprocess.check_call(sys.argv[1:]); "
      "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)' " SFUMATO_BINARY
      " match in.png --reference huge.tif -o o.png");
  ASSERT_EQ(0, r.code) << r.err;
  EXPECT_LT(std::stod(r.err) / 1024, 300) << "MB";
}

TEST_F(MatchProgram, KeepsTheGrayOfAGrayReference) {
  pair();
  EXPECT_EQ(0, shell("vips colourspace ref.png gray.png b-w").code);
  EXPECT_EQ(0, sfumato("match in.png --reference gray.png --edges off --protection 0 -o o.png").code);
  // All but gray: red and blue differ by little.
  EXPECT_LE(std::stod(shell("vips extract_band o.png .r.v 0 && vips extract_band o.png .b.v 2 && "
                            "vips subtract .r.v .b.v .d.v && vips abs .d.v .a.v && vips avg .a.v; rm -f .*.v")
                          .out),
            6);
}

TEST_F(MatchProgram, GivesTheSameBytesForAnyNumberOfThreads) {
  pair();
  EXPECT_EQ(0, sfumato("match in.png --reference ref.png --threads 1 -o a.png").code);
  EXPECT_EQ(0, sfumato("match in.png --reference ref.png --threads 3 -o b.png").code);
  EXPECT_EQ(0, difference("a.png", "b.png"));
}

TEST_F(MatchProgram, SkipsWhatARunBeforeItMade) {
  pair();
  const std::string line = "match in.png --reference ref.png -o out.png --resume --json";
  EXPECT_EQ(0, sfumato(line).code);
  EXPECT_NE(sfumato(line).out.find("\"skipped\":1"), std::string::npos);
  EXPECT_NE(sfumato(line + " --strength 0.5").out.find("\"done\":1"), std::string::npos);
}

TEST_F(MatchProgram, HasCommandsForDetailAndStrokes) {
  photo("in.png");
  EXPECT_EQ(0, sfumato("detail in.png --amount 0 --dither off -o same.png").code);
  EXPECT_EQ(0, difference("in.png", "same.png"));
  EXPECT_EQ(0, sfumato("detail in.png --amount -1 --lines 0.5 -o drawn.png").code);
  EXPECT_GT(difference("in.png", "drawn.png"), 10);
  EXPECT_EQ(4, sfumato("colorize in.png --strokes in.png -o o.png").code);
  EXPECT_EQ(0, shell("vips black .a.v 300 200 && vips bandjoin 'in.png .a.v' none.png; rm -f .*.v").code);
  EXPECT_EQ(0, sfumato("colorize in.png --strokes none.png --dither off -o o.png").code);
  EXPECT_LE(difference("in.png", "o.png"), 1);
}

}  // namespace
}  // namespace sfumato
