// SPDX-License-Identifier: Apache-2.0
// The program as a user meets it: exit codes, batches, manuals.
#include <nlohmann/json.hpp>
#include <set>

#include "program.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

using Cli = ProgramTest;

TEST_F(Cli, RendersAPhotoAndRecordsTheLook) {
  photo("in.jpg");
  EXPECT_EQ(0, sfumato("render in.jpg --look classic-chrome -o out.jpg").code);
  const std::string out = slurp(folder / "out.jpg");
  EXPECT_NE(out.find("sfumato:look=\"classic-chrome\""), std::string::npos);
  EXPECT_NE(out, slurp(folder / "in.jpg"));
}

TEST_F(Cli, StrengthZeroReturnsEveryPixel) {
  photo("in.png");
  EXPECT_EQ(0, sfumato("render in.png --look cyberpunk --strength 0 -o out.png").code);
  EXPECT_EQ("0.000000\n",
            shell("vips subtract in.png out.png .d.v && vips abs .d.v .a.v && vips max .a.v; rm -f .*.v").out);
}

TEST_F(Cli, TellsUsageErrorsFromRefusedFiles) {
  photo("in.jpg");
  EXPECT_EQ(2, sfumato("render in.jpg --stregth 1 -o o.jpg").code);
  EXPECT_EQ(2, sfumato("render in.jpg -o o.jpg").code);
  EXPECT_EQ(2, sfumato("render in.jpg --look provia -o o.gif").code);
  EXPECT_EQ(2, sfumato("render in.jpg --look provia --set exposure.stop=1 -o o.jpg").code);
  EXPECT_EQ(2, sfumato("render in.jpg --look provia --set exposure.stops=99 -o o.jpg").code);
  EXPECT_EQ(2, sfumato("render in.jpg --look provia --strength 7 -o o.jpg").code);
  EXPECT_EQ(2, sfumato("render in.jpg --set exposure.stops=1 --strength 0.5 -o o.jpg").code);
  EXPECT_EQ(7, sfumato("render in.jpg --look provai -o o.jpg").code);
  EXPECT_EQ(4, sfumato("render none.jpg --look provia -o o.jpg").code);
  EXPECT_EQ(5, sfumato("render in.jpg --look provia -o no/such/o.jpg").code);
  EXPECT_EQ(6, sfumato("render in.jpg --look provia --max-pixels 10 -o o.jpg").code);
  EXPECT_EQ(1, file_count());
}

TEST_F(Cli, NamesTheNearestLookAndFlag) {
  photo("in.jpg");
  EXPECT_NE(sfumato("render in.jpg --look provai -o o.jpg").err.find("did you mean 'provia'"), std::string::npos);
  EXPECT_NE(sfumato("render in.jpg --stregth 1").err.find("--strength"), std::string::npos);
}

TEST_F(Cli, RefusesOptionsThatMeanNothingWithAnother) {
  for (const auto& [command, option, expected] :
       {std::tuple{"paint a.jpg --style b.jpg --balance 0.5 --with neural", "--balance", "--with patches"},
        std::tuple{"paint a.jpg --style b.jpg --steps 9", "--steps", "--with neural"},
        std::tuple{"learn a b --local maps --local-size 64", "--local-size", "--local network"},
        std::tuple{"learn a b --bf16 --model closed", "--bf16", "--model auto or network"},
        std::tuple{"train upscale a --style b.jpg", "--style", "kind fast or photographic"}}) {
    const Result r = sfumato(std::string(command) + " -o out.safetensors");
    EXPECT_EQ(2, r.code) << command;
    EXPECT_NE(r.err.find(std::string(option) + ": found with "), std::string::npos) << r.err;
    EXPECT_NE(r.err.find(std::string("expected ") + expected), std::string::npos) << r.err;
  }
  EXPECT_NE(sfumato("paint --help").out.find("Neural (--with neural):"), std::string::npos);
}

TEST_F(Cli, GoesOnAfterABrokenFile) {
  photo("a.jpg");
  photo("c.jpg");
  spill(folder / "b.jpg", "this is no picture");
  const Result r = sfumato("render a.jpg b.jpg c.jpg --look velvia -o out/ --json");
  EXPECT_EQ(3, r.code);
  EXPECT_TRUE(fs::exists(folder / "out/a_velvia.jpg"));
  EXPECT_FALSE(fs::exists(folder / "out/b_velvia.jpg"));
  EXPECT_TRUE(fs::exists(folder / "out/c_velvia.jpg"));
  int objects = 0;
  for (std::size_t i = 0, end; (end = r.out.find('\n', i)) != std::string::npos; i = end + 1, ++objects)
    EXPECT_TRUE(nlohmann::json::accept(r.out.substr(i, end - i)));
  EXPECT_EQ(4, objects);
}

TEST_F(Cli, ObeysIfExists) {
  photo("in.png");
  spill(folder / "out.png", "old");
  const std::string base = "render in.png --look provia -o out.png --if-exists ";
  EXPECT_EQ(4, sfumato("render in.png --look provia -o out.png").code);
  EXPECT_EQ("old", slurp(folder / "out.png"));
  EXPECT_EQ(0, sfumato(base + "skip").code);
  EXPECT_EQ("old", slurp(folder / "out.png"));
  EXPECT_EQ(0, sfumato(base + "rename").code);
  EXPECT_TRUE(fs::exists(folder / "out-1.png"));
  EXPECT_EQ(0, sfumato(base + "overwrite").code);
  const std::string rendered = slurp(folder / "out.png");
  EXPECT_NE("old", rendered);
  const auto time = fs::last_write_time(folder / "out.png");
  EXPECT_EQ(0, sfumato(base + "update").code);
  EXPECT_EQ(time, fs::last_write_time(folder / "out.png"));
  EXPECT_EQ(0, sfumato("render in.png --look velvia -o out.png --if-exists update").code);
  EXPECT_NE(rendered, slurp(folder / "out.png"));
}

TEST_F(Cli, ResumesWithIdenticalBytes) {
  for (const char* name : {"a.png", "b.png", "c.png"}) photo(name);
  EXPECT_EQ(0, sfumato("render a.png b.png c.png --look astia -o all/").code);
  EXPECT_EQ(0, sfumato("render a.png --look astia -o part/").code);
  const auto time = fs::last_write_time(folder / "part/a_astia.png");
  EXPECT_EQ(0, sfumato("render a.png b.png c.png --look astia -o part/ --resume").code);
  EXPECT_EQ(time, fs::last_write_time(folder / "part/a_astia.png"));
  for (const char* name : {"a_astia.png", "b_astia.png", "c_astia.png"})
    EXPECT_EQ(slurp(folder / "all" / name), slurp(folder / "part" / name));
}

TEST_F(Cli, ShardsSplitTheInputsWithoutOverlap) {
  for (int i = 0; i < 12; ++i) photo("p" + std::to_string(i) + ".png", 8, 8);
  std::multiset<std::string> seen;
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(
        0, sfumato("render . --look provia -o s" + std::to_string(i) + "/ --shard " + std::to_string(i) + "/3").code);
    if (fs::exists(folder / ("s" + std::to_string(i))))
      for (const auto& e : fs::directory_iterator(folder / ("s" + std::to_string(i)))) seen.insert(e.path().filename());
  }
  EXPECT_EQ(12u, seen.size());
  EXPECT_EQ(12u, std::set<std::string>(seen.begin(), seen.end()).size());
  EXPECT_EQ(2, sfumato("render . --look provia -o s/ --shard 4/3").code);
}

TEST_F(Cli, DryRunWritesNothing) {
  photo("in.jpg");
  const Result r = sfumato("render in.jpg --look provia -o out/ --dry-run");
  EXPECT_EQ(0, r.code);
  EXPECT_NE(r.out.find("in.jpg -> out/in_provia.jpg"), std::string::npos);
  EXPECT_EQ(1, file_count());
}

TEST_F(Cli, RefusesCollisionsBeforeWork) {
  photo("in.jpg");
  fs::create_directory(folder / "sub");
  fs::copy(folder / "in.jpg", folder / "sub/in.jpg");
  EXPECT_EQ(2, sfumato("render in.jpg sub/in.jpg --look provia -o out/").code);
  EXPECT_EQ(2, sfumato("render in.jpg --look provia -o in.jpg --if-exists overwrite").code);
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST_F(Cli, TakesAnyName) {
  photo("plain.png", 20, 20);
  for (const std::string& name :
       std::vector<std::string>{"-o.png", "a\nb.png", "caf\xe9.png", "100%d{}.png", "sp ace[1].png", "a,b=c.png",
                                std::string(240, 'n') + ".png"}) {
    fs::copy(folder / "plain.png", folder / name);
    EXPECT_EQ(0, sfumato("render --look provia -o out.png --if-exists overwrite -- " + quoted("./" + name)).code)
        << name;
  }
  EXPECT_EQ(0, sfumato("render --look provia -o out.png --if-exists overwrite -- -o.png").code);
}

TEST_F(Cli, HasManualsThatMatchTheProgram) {
  EXPECT_EQ(slurp(SFUMATO_SOURCE_DIR "/docs/cli.md"), sfumato("completion markdown").out)
      << "run: sfumato completion markdown > docs/cli.md";
  EXPECT_EQ(slurp(SFUMATO_SOURCE_DIR "/docs/ops.md"), sfumato("ops --markdown").out)
      << "run: sfumato ops --markdown > docs/ops.md";
}

TEST_F(Cli, PrintsCompletionsThatShellsAccept) {
  EXPECT_EQ(0, shell(SFUMATO_BINARY " completion bash > c.bash && bash -n c.bash").code);
  EXPECT_NE(sfumato("completion fish").out.find("-l strength"), std::string::npos);
  EXPECT_NE(sfumato("completion man").out.find(".TH SFUMATO"), std::string::npos);
}

TEST_F(Cli, ShowsEveryLookOnOnePhoto) {
  photo("in.jpg");
  EXPECT_EQ(0, sfumato("looks --sheet in.jpg -o sheet.png").code);
  EXPECT_GT(fs::file_size(folder / "sheet.png"), 100000u);
}

// The second cell, below the first and its label, is the photo through the look as the photo has it.
TEST_F(Cli, ShowsAdaptiveLooksAsThePhotoHasThem) {
  ASSERT_EQ(0, shell("vips gaussnoise n.v 480 320 --mean 30 --sigma 10 && vips cast n.v u.v uchar && "
                     "vips bandjoin 'u.v u.v u.v' dark.png")
                   .code);
  EXPECT_EQ(0, sfumato("looks --sheet dark.png --look natural-light -o sheet.png").code);
  EXPECT_EQ(0, sfumato("render dark.png --look natural-light -o alone.png").code);
  const double shown = std::stod(shell("vips crop sheet.png c.v 12 378 480 320 && vips avg c.v").out);
  EXPECT_NEAR(std::stod(shell("vips avg alone.png").out), shown, 0.5);
  EXPECT_GT(shown, 31);
}

TEST_F(Cli, DoctorNamesEveryFormat) {
  const std::string out = sfumato("doctor").out;
  for (const char* row : {"avif ", "exr ", "heic ", "jpg ", "jxl ", "png ", "raw ", "tif ", "webp "})
    EXPECT_NE(out.find(std::string("\n") + row), std::string::npos) << row;
}

TEST_F(Cli, PrintsLooksThatItReadsBack) {
  photo("in.png");
  EXPECT_EQ(0, shell(SFUMATO_BINARY " looks velvia > mine.json").code);
  EXPECT_EQ(0, sfumato("render in.png --look mine.json -o a.png").code);
  EXPECT_EQ(0, sfumato("render in.png --look velvia -o b.png").code);
  EXPECT_EQ("0.000000\n",
            shell("vips subtract a.png b.png .d.v && vips abs .d.v .a.v && vips max .a.v; rm -f .*.v").out);
}

TEST_F(Cli, ImportsWhatItExports) {
  EXPECT_EQ(0, sfumato("export --look eterna -o e.cube").code);
  EXPECT_EQ(0, sfumato("import e.cube -o mine.json").code == 0 ? 0 : 1);
  EXPECT_EQ(0, sfumato("import e.cube -o e.json").code);
  photo("in.png");
  EXPECT_EQ(0, sfumato("render in.png --look e.json -o out.png").code);
}

TEST_F(Cli, StreamsAreCleanWhenStandardOutputIsClosed) {
  EXPECT_EQ(0, shell(SFUMATO_BINARY " ops --json | head -c 10 >/dev/null").code);
}

TEST_F(Cli, GeneratesTheSamePairsInAnyOrderAndOnAnyThreads) {
  fs::create_directory(folder / "photos");
  for (const char* name : {"photos/a.jpg", "photos/b.png", "photos/c.jpg"}) photo(name);
  spill(folder / "photos/broken.jpg", "no picture");
  const std::string base = "generate --look classic-chrome --photos photos --seed 9 --long-edge 128 --variants 2 ";
  EXPECT_EQ(3, sfumato(base + "-o one --json").code);
  EXPECT_EQ(3, sfumato(base + "-o two --jobs 2 --threads 1").code);
  EXPECT_EQ("", shell("diff -r one two").out);
  EXPECT_TRUE(fs::exists(folder / "one/after/c-2.png"));
  EXPECT_EQ(6u, nlohmann::json::parse(slurp(folder / "one/manifest.json"))["pairs"].size());
  // Alone, a photo gets what it got among others.
  EXPECT_EQ(
      0, sfumato("generate --look classic-chrome --photos photos/b.png --seed 9 --long-edge 128 --variants 2 -o three")
             .code);
  EXPECT_EQ(slurp(folder / "one/after/b-2.png"), slurp(folder / "three/after/b-2.png"));
  EXPECT_NE(slurp(folder / "one/after/b-1.png"), slurp(folder / "one/after/b-2.png"));
  // What is there is kept, what is lost comes again.
  const std::string lost = slurp(folder / "one/after/a-1.png"), manifest = slurp(folder / "one/manifest.json");
  fs::remove(folder / "one/after/a-1.png");
  EXPECT_EQ(4, sfumato(base + "-o one").code);
  EXPECT_EQ(3, sfumato(base + "-o one --resume").code);
  EXPECT_EQ(lost, slurp(folder / "one/after/a-1.png"));
  EXPECT_EQ(manifest, slurp(folder / "one/manifest.json"));
  EXPECT_EQ(0, sfumato("generate --look classic-chrome --photos photos -o four --count 2 --dry-run").code);
  EXPECT_FALSE(fs::exists(folder / "four"));
  EXPECT_EQ(2, sfumato("generate --look classic-chrome --photos photos -o one --if-exists rename").code);
}

}  // namespace
}  // namespace sfumato
