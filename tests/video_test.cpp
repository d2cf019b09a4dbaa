// SPDX-License-Identifier: Apache-2.0
// `sfumato video`, with clips that ffmpeg makes and measures.
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "program.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;
using testing::Test;

const std::string soft =
    "gradients=s=192x108:r=24:c0=0x903020:c1=0x2060a0:c2=0x40a050:c3=0xd0c0b0:n=4:seed=3:speed=0.05";

class Video : public ProgramTest {
 protected:
  // By ffmpeg's own sources and arguments.
  void make(const std::string& arguments) const {
    const Result r = shell("ffmpeg -v error -nostdin -y " + arguments);
    ASSERT_EQ(0, r.code) << r.err;
  }
  // 2 seconds of moving colors with a tone. Soft: color at half resolution cannot carry the edges of a test card.
  void clip(const std::string& name,
            const std::string& more = "-c:v libx264 -preset ultrafast -crf 10 -c:a aac") const {
    make("-f lavfi -i " + soft + ":d=2 -f lavfi -i sine=d=2 " + more + " " + name);
  }
  // What ffprobe says of the pictures, or of others.
  std::string told(const std::string& name, const std::string& entry, const std::string& streams = "v") const {
    std::string text = shell("ffprobe -v error -select_streams " + streams +
                             " -count_packets -show_entries stream=" + entry + " -of default=nw=1:nk=1 " + name)
                           .out;
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }
  std::string hash_of(const std::string& name, const std::string& stream) const {
    return shell("ffmpeg -v error -i " + name + " -map 0:" + stream + " -c copy -f md5 -").out;
  }
  // In dB, of all frames together.
  double psnr(const std::string& a, const std::string& b) const {
    const std::string said = shell("ffmpeg -v info -nostdin -i " + a + " -i " + b + " -lavfi psnr -f null -").err;
    const auto at = said.find("average:");
    if (at == said.npos) return ADD_FAILURE() << said, 0.0;
    return std::strtod(said.c_str() + at + 8, nullptr);
  }
  // All frames' samples, `format` of ffmpeg's.
  std::string frames(const std::string& name, const std::string& format = "rgb24") const {
    shell("ffmpeg -v error -nostdin -y -i " + name + " -pix_fmt " + format + " -f rawvideo .frames");
    const std::string bytes = slurp(folder / ".frames");
    fs::remove(folder / ".frames");
    return bytes;
  }
  nlohmann::json render(const std::string& arguments, int code = 0) const {
    const Result r = sfumato("video " + arguments + " --json");
    EXPECT_EQ(code, r.code) << r.err;
    return nlohmann::json::parse(r.out.substr(0, r.out.find('\n')), nullptr, false);
  }
};

const std::string lossless = " -c:v ffv1 -pix_fmt yuv444p16le -colorspace bt709 -color_range tv ";

TEST_F(Video, ThatNothingIsDoneToStaysAsItIs) {
  clip("in.mp4");
  const nlohmann::json said = render("in.mp4 --set exposure.stops=0 --quality 100 -o out.mp4");
  EXPECT_EQ(said["frames"], 48);
  EXPECT_EQ(said["warnings"].size(), 0u);
  EXPECT_GT(psnr("out.mp4", "in.mp4"), 45);
  EXPECT_EQ(hash_of("out.mp4", "a"), hash_of("in.mp4", "a"));
  for (const char* entry : {"codec_name", "nb_read_packets", "duration", "start_time", "avg_frame_rate", "pix_fmt"})
    EXPECT_EQ(told("out.mp4", entry), told("in.mp4", entry)) << entry;
}

TEST_F(Video, KeepsEveryStepOfLightEvenBeyondWhite) {
  // All of 0..255, of which 16..235 is black to white.
  make(
      "-f lavfi -i color=s=256x64:r=24:d=0.25 -vf 'format=yuv420p,geq=lum=X:cb=128+40*sin(Y/9):cr=128' -c:v ffv1 "
      "in.mkv");
  render("in.mkv --set exposure.stops=0 -o out.mkv");
  EXPECT_EQ("yuv420p", told("out.mkv", "pix_fmt"));
  make("-i in.mkv -vf extractplanes=y -f rawvideo in.y");
  make("-i out.mkv -vf extractplanes=y -f rawvideo out.y");
  EXPECT_TRUE(slurp(folder / "in.y") == slurp(folder / "out.y"));
}

TEST_F(Video, GivesEachFrameWhatAPictureGets) {
  make("-f lavfi -i " + soft + ":d=0.5" + lossless + "in.mkv");
  make(
      "-i in.mkv -vf zscale=matrixin=709:rangein=limited:matrix=gbr:range=full,format=gbrp16le -frames:v 1 -pix_fmt "
      "rgb48be in.png");
  render("in.mkv --look provia --set grain.amount=0 -o out.mkv");
  ASSERT_EQ(0, sfumato("render in.png --look provia --set grain.amount=0 -o out.png").code);
  make(
      "-i out.mkv -vf zscale=matrixin=709:rangein=limited:matrix=gbr:range=full,format=gbrp16le -frames:v 1 -pix_fmt "
      "rgb48be frame.png");
  EXPECT_GT(psnr("frame.png", "out.png"), 70);
}

TEST_F(Video, TakesALutAsFfmpegDoes) {
  make("-f lavfi -i " + soft + ":d=0.5" + lossless + "in.mkv");
  ASSERT_EQ(0, sfumato("export --look velvia -o look.cube").code);
  render("in.mkv --look look.cube -o out.mkv");
  make(
      "-i in.mkv -vf zscale=matrixin=709:rangein=limited:matrix=gbr:range=full,format=gbrpf32le,lut3d=look.cube:interp="
      "tetrahedral,zscale=matrixin=gbr:rangein=full:matrix=709:range=limited,format=yuv444p16le" +
      lossless + "other.mkv");
  EXPECT_GT(psnr("out.mkv", "other.mkv"), 60);
}

TEST_F(Video, KeepsItsShapeDepthAndColors) {
  struct Case {
    const char *how, *name, *out, *entries, *expected;
  };
  for (const Case& c : {
           Case{"-c:v libx264 -pix_fmt yuv422p10le -colorspace bt709 -color_primaries bt709 -color_trc bt709", "a.mp4",
                "a_out.mp4", "pix_fmt,color_space,color_primaries,color_transfer", "yuv422p10le\nbt709\nbt709\nbt709"},
           Case{"-c:v libx265 -x265-params log-level=error -preset ultrafast -pix_fmt yuv420p10le -colorspace bt2020nc "
                "-color_primaries bt2020 -color_trc bt2020-10",
                "b.mp4", "b_out.mp4", "codec_name,pix_fmt,color_space,color_primaries",
                "hevc\nyuv420p10le\nbt2020nc\nbt2020"},
           Case{"-c:v mjpeg -q:v 2 -pix_fmt yuvj420p", "c.avi", "c_out.mp4", "codec_name,color_range", "h264\npc"},
           Case{"-vf setsar=4/3 -c:v libx264", "d.mp4", "d_out.mp4", "sample_aspect_ratio", "4:3"},
           Case{"-vf scale=193:109,format=yuv420p -c:v libvpx-vp9 -cpu-used 8", "e.webm", "e_out.webm",
                "codec_name,width,height,pix_fmt", "vp9\n193\n109\nyuv420p"},
           Case{"-c:v prores_ks -pix_fmt yuv422p10le -c:a pcm_s16le", "f.mov", "f_out.mov", "codec_name,pix_fmt",
                "prores\nyuv422p10le"},
           Case{"-vf tinterlace=interleave_top,fieldorder=tff -flags +ildct+ilme -c:v mpeg2video -q:v 2", "g.mpg",
                "g_out.mp4", "codec_name,field_order", "h264\nprogressive"},
       }) {
    clip(c.name, c.how + std::string(" -shortest"));
    const Result r = sfumato("video " + std::string(c.name) + " --set exposure.stops=0 --quality 100 -o " + c.out);
    ASSERT_EQ(0, r.code) << r.err;
    EXPECT_EQ(c.expected, told(c.out, c.entries)) << c.how;
    EXPECT_GT(psnr(c.out, c.name), c.name == std::string("g.mpg") ? 20 : 38) << c.how;
  }
}

TEST_F(Video, ComesUpright) {
  clip("flat.mp4");
  make("-i flat.mp4 -c copy -metadata:s:v rotate=90 turned.mp4");
  make("-i turned.mp4 -crf 4 upright.mp4");  // ffmpeg turns it as well
  render("turned.mp4 --set exposure.stops=0 -o out.mp4");
  EXPECT_EQ("108\n192", told("out.mp4", "width,height"));
  EXPECT_GT(psnr("out.mp4", "upright.mp4"), 38);
}

TEST_F(Video, KeepsWhatBelongsToIt) {
  spill(folder / "s.srt", "1\n00:00:00,000 --> 00:00:01,000\nWords\n");
  spill(folder / "m.txt", ";FFMETADATA1\ntitle=A day\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=Morning\n");
  make(
      "-f lavfi -i testsrc2=s=192x108:r=30000/1001:d=2 -f lavfi -i sine=d=2 -f lavfi -i sine=f=880:d=2 -i s.srt -i "
      "m.txt "
      "-map 0 -map 1 -map 2 -map 3 -map_metadata 4 -c:v libx264 -c:a:0 pcm_s16le -c:a:1 libopus -timecode 01:00:00:00 "
      "-metadata:s:a:1 language=deu in.mkv");
  const nlohmann::json said = render("in.mkv --look velvia -o out.mp4");
  EXPECT_EQ("aac\nopus", told("out.mp4", "codec_name", "a"));
  EXPECT_EQ("mov_text", told("out.mp4", "codec_name", "s"));
  EXPECT_NE(said["warnings"].dump().find("pcm_s16le"), std::string::npos) << said;
  EXPECT_EQ("30000/1001", told("out.mp4", "avg_frame_rate"));
  const std::string all = shell("ffprobe -v error -show_format -show_chapters -show_streams out.mp4").out;
  for (const char* part : {"TAG:title=A day", "TAG:title=Morning", "TAG:language=deu", "TAG:timecode=01:00:00"})
    EXPECT_NE(all.find(part), std::string::npos) << part;
}

TEST_F(Video, OfChangingRateKeepsItsTime) {
  make(
      "-f lavfi -i gradients=s=192x108:r=30:d=4:seed=3 -vf \"select='if(lt(t,2),1,not(mod(n,5)))'\" -fps_mode vfr "
      "in.mp4");
  const nlohmann::json said = render("in.mp4 --set exposure.stops=0 --quality 100 -o out.mp4");
  EXPECT_NE(said["warnings"].dump().find("30 per second"), std::string::npos) << said;
  make("-i in.mp4 -fps_mode cfr -r 30 -crf 1 even.mp4");
  EXPECT_EQ(told("out.mp4", "nb_read_packets"), told("even.mp4", "nb_read_packets"));
  EXPECT_GT(psnr("out.mp4", "even.mp4"), 40);
}

TEST_F(Video, ThatBeginsAfterItsSoundStaysInTime) {
  clip("all.mp4");
  make("-itsoffset 0.5 -i all.mp4 -i all.mp4 -map 0:v -map 1:a -c copy in.mp4");
  render("in.mp4 --look velvia -o out.mp4");
  for (const char* entry : {"nb_read_packets", "start_time", "duration"})
    EXPECT_EQ(told("out.mp4", entry), told("in.mp4", entry)) << entry;
}

TEST_F(Video, OfScreensIsWrittenAsOtherVideo) {
  make("-f lavfi -i " + soft + ":d=0.5 -c:v libx264rgb -crf 0 in.mp4");
  render("in.mp4 --set exposure.stops=0 --quality 100 -o out.mp4");
  EXPECT_EQ("yuv444p\ntv\nbt709", told("out.mp4", "pix_fmt,color_range,color_space"));
  make("-i out.mp4 -vf zscale=matrix=gbr:range=full,format=gbrp -c:v libx264rgb -crf 0 back.mp4");
  EXPECT_GT(psnr("back.mp4", "in.mp4"), 42);
}

TEST_F(Video, HasNewGrainInEachFrameAndTheSameEachTime) {
  make("-f lavfi -i color=gray:s=192x108:r=24:d=0.25" + lossless + "in.mkv");
  render("in.mkv --set grain.amount=0.6 --set grain.size=60 --threads 1 -o out.mkv");
  render("in.mkv --set grain.amount=0.6 --set grain.size=60 --threads 3 -o again.mkv");
  const std::string bytes = frames("out.mkv", "gray16le");
  EXPECT_TRUE(bytes == frames("again.mkv", "gray16le"));
  constexpr int n = 192 * 108;
  const auto* v = reinterpret_cast<const std::uint16_t*>(bytes.data());
  ASSERT_EQ(bytes.size(), 6u * n * 2);
  // Frames correlate no more than chance has it.
  std::vector<double> means, deviations;
  for (int f = 0; f < 6; ++f) {
    double sum = 0, square = 0;
    for (int i = 0; i < n; ++i) sum += v[f * n + i];
    for (int i = 0; i < n; ++i) square += std::pow(v[f * n + i] - sum / n, 2.0);
    means.push_back(sum / n), deviations.push_back(std::sqrt(square / n));
    EXPECT_GT(deviations[f], 500);
    EXPECT_NEAR(deviations[f], deviations[0], 0.1 * deviations[0]);
    for (int g = 0; g < f; ++g) {
      double product = 0;
      for (int i = 0; i < n; ++i) product += (v[f * n + i] - means[f]) * (v[g * n + i] - means[g]);
      EXPECT_LT(std::abs(product / n / deviations[f] / deviations[g]), 0.1) << f << " " << g;
    }
  }
}

TEST_F(Video, HasOneLookForEachShot) {
  // A dark scene that a white box enters, then a bright one.
  make(
      "-f lavfi -i color=0x203040:s=192x108:r=24:d=1 -f lavfi -i color=white:s=96x108:r=24:d=1 -f lavfi -i "
      "color=0xc0a080:s=192x108:r=24:d=1 -filter_complex "
      "\"[0:v][1:v]overlay=x=192-t*120[a];[a][2:v]concat=n=2:v=1[v]\" -map \"[v]\"" +
      lossless + "in.mkv");
  const nlohmann::json said = render("in.mkv --look natural-light -o out.mkv");
  EXPECT_EQ(said["shots"], 2);
  EXPECT_TRUE(said.contains("confidence"));
  const std::string bytes = frames("out.mkv");
  constexpr std::size_t frame = 192 * 108 * 3;
  ASSERT_EQ(bytes.size(), 48 * frame);
  const auto corner = [&](int f) { return static_cast<unsigned char>(bytes[f * frame + 1]); };
  for (int f = 1; f < 24; ++f) EXPECT_EQ(corner(f), corner(0)) << f;
  for (int f = 25; f < 48; ++f) EXPECT_EQ(corner(f), corner(24)) << f;
  EXPECT_GT(std::abs(corner(24) - corner(0)), 20);
}

TEST_F(Video, TakesTheColorsOfAReferenceShotByShot) {
  make(
      "-f lavfi -i gradients=s=192x108:r=24:d=1:seed=3:speed=0.02:c0=0x202830:c1=0x506070:n=2 -f lavfi -i "
      "gradients=s=192x108:r=24:d=1:seed=3:speed=0.02:c0=0xf0f0e0:c1=0x908070:n=2 -filter_complex "
      "\"[0:v][1:v]concat=n=2:v=1[v]\" -map \"[v]\"" +
      lossless + "in.mkv");
  make("-f lavfi -i gradients=s=192x108:seed=5:c0=0x703010:c1=0xe0b060:n=2 -frames:v 1 reference.png");
  EXPECT_EQ(render("in.mkv --reference reference.png -o out.mkv")["shots"], 2);
  const std::string wanted = frames("reference.png"), bytes = frames("out.mkv");
  constexpr std::size_t frame = 192 * 108 * 3;
  ASSERT_EQ(bytes.size(), 48 * frame);
  const auto mean = [](const std::string& of, std::size_t at, int band) {
    double sum = 0;
    for (std::size_t i = at + static_cast<std::size_t>(band); i < at + frame; i += 3)
      sum += static_cast<unsigned char>(of[i]);
    return sum / (frame / 3);
  };
  for (const int f : {3, 20, 28, 44})
    for (int band = 0; band < 3; ++band)
      EXPECT_NEAR(mean(bytes, static_cast<std::size_t>(f) * frame, band), mean(wanted, 0, band), 14)
          << f << " " << band;
  EXPECT_EQ(render("in.mkv --reference reference.png --look natural-light -o none.mkv", 4)["status"], "refused");
}

TEST_F(Video, PlacesInTheLookFollowWhatMoves) {
  spill(folder / "blue.json", R"({"sfumato": 1, "steps": [
    {"op": "exposure", "stops": -1, "where": {"near": "#4060c0", "within": 20}}]})");
  make(
      "-f lavfi -i color=0xa0a080:s=192x108:r=24:d=2 -f lavfi -i color=0x4060c0:s=48x108:r=24:d=2 -filter_complex "
      "\"[0:v][1:v]overlay=x=t*60[v]\" -map \"[v]\"" +
      lossless + "in.mkv");
  render("in.mkv --look blue.json -o out.mkv");
  const std::string before = frames("in.mkv"), after = frames("out.mkv");
  constexpr std::size_t row = 192 * 3, frame = row * 108;
  ASSERT_EQ(before.size(), after.size());
  for (int f = 0; f < 48; f += 5) {
    const int box = static_cast<int>(f / 24.0 * 60);
    const std::size_t inside = f * frame + 54 * row + (box + 24) * 3 + 2, outside = f * frame + 54 * row + 185 * 3;
    const auto change = [&](std::size_t at) {
      return static_cast<unsigned char>(after[at]) - static_cast<unsigned char>(before[at]);
    };
    EXPECT_LT(change(inside), -40) << f;
    if (box < 130) {
      EXPECT_NEAR(change(outside), 0, 4) << f;
    }
  }
}

TEST_F(Video, ThatIsDamagedIsRefusedAndNothingIsLost) {
  clip("good.mp4", "-c:v libx264 -movflags +faststart");
  const std::string bytes = slurp(folder / "good.mp4");
  spill(folder / "cut.mp4", bytes.substr(0, bytes.size() / 2));
  spill(folder / "text.mp4", "no video");
  make("-f lavfi -i sine=d=1 sound.mp4");
  fs::create_directory(folder / "out");
  spill(folder / "out/cut_velvia.mp4", "old");
  const Result r =
      sfumato("video good.mp4 cut.mp4 text.mp4 sound.mp4 none.mp4 --look velvia -o out/ --if-exists overwrite");
  EXPECT_EQ(3, r.code);
  for (const char* said : {"cut.mp4: is damaged: ", "text.mp4: cannot be read as a video", "sound.mp4: found no moving",
                           "none.mp4: cannot be opened"})
    EXPECT_NE(r.err.find(said), std::string::npos) << said << r.err;
  EXPECT_EQ("old", slurp(folder / "out/cut_velvia.mp4"));
  EXPECT_EQ("48", told("out/good_velvia.mp4", "nb_read_packets"));
  EXPECT_EQ(2, std::distance(fs::directory_iterator(folder / "out"), {}));
  const nlohmann::json said = render("cut.mp4 --look velvia --accept-truncated -o out/ --if-exists overwrite");
  EXPECT_GT(said["frames"], 5);
  EXPECT_NE(said["warnings"].dump().find("damaged"), std::string::npos);
}

TEST_F(Video, ThatIsStoppedLeavesNothing) {
  make("-f lavfi -i testsrc2=s=640x360:r=24:d=40 -c:v libx264 -preset ultrafast in.mp4");
  const Result r = shell("timeout -s INT 1 " SFUMATO_BINARY
                         " video in.mp4 --look velvia -o out.mp4; ls -A | grep -v '^.out$\\|^.err$'");
  EXPECT_EQ("in.mp4\n", r.out);
  EXPECT_NE(r.err.find("stopped"), std::string::npos) << r.err;
}

TEST_F(Video, IsNotMadeAgainWhileNothingChanged) {
  clip("in.mp4");
  const std::string again = "in.mp4 --look velvia -o out.mp4 --if-exists update";
  EXPECT_EQ("done", render(again)["status"]);
  EXPECT_EQ("skipped", render(again)["status"]);
  EXPECT_EQ("done", render(again + " --quality 50")["status"]);
  EXPECT_EQ("refused", render("in.mp4 --look velvia -o out.mp4", 4)["status"]);
  fs::copy(folder / "in.mp4", folder / "mine.mp4");
  EXPECT_EQ("refused", render("in.mp4 --look velvia -o mine.mp4 --if-exists update", 4)["status"]);
}

TEST_F(Video, SaysWhatItCannotDo) {
  clip("in.mp4");
  photo("photo.jpg");
  for (const auto& [arguments, code, said] : {
           std::tuple{"video in.mp4 --look velvia -o out.png", 2, "expected the name of a video"},
           std::tuple{"video in.mp4 --look velvia --codec vp9 -o out.mov", 2, "expected h264, h265, prores"},
           std::tuple{"video in.mp4 --look velvia --format mkv -o out.mp4", 2, "a name that says so"},
           std::tuple{"video in.mp4 -o out.mp4", 2, "--look"},
           std::tuple{"render in.mp4 --look velvia -o out.jpg", 4, "sfumato video"},
       }) {
    const Result r = sfumato(arguments);
    EXPECT_EQ(code, r.code) << arguments << r.err;
    EXPECT_NE(r.err.find(said), std::string::npos) << r.err;
  }
  const Result r = shell("PATH=. " SFUMATO_BINARY " video in.mp4 --look velvia -o out.mp4");
  EXPECT_EQ(6, r.code);
  EXPECT_NE(r.err.find("install ffmpeg"), std::string::npos) << r.err;
}

TEST_F(Video, OfACameraIsRenderedWhole) {
  const fs::path real = real_data("video/intel/car-detection.mp4");
  if (real.empty()) GTEST_SKIP() << no_real_data;
  fs::create_symlink(real, folder / "in.mp4");
  render("in.mp4 --set exposure.stops=0 --quality 100 -o out.mp4");
  EXPECT_EQ(told("out.mp4", "nb_read_packets"), told("in.mp4", "nb_read_packets"));
  EXPECT_EQ(hash_of("out.mp4", "a"), hash_of("in.mp4", "a"));
  EXPECT_EQ("smpte170m\nsmpte170m\nsmpte170m", told("out.mp4", "color_space,color_transfer,color_primaries"));
  EXPECT_GT(psnr("out.mp4", "in.mp4"), 45);
}

}  // namespace
}  // namespace sfumato
