// SPDX-License-Identifier: Apache-2.0
// What a command reads, and what it did not make, outlives every mistake in its options.
#include <nlohmann/json.hpp>

#include "program.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

class Inputs : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    photo("a.png", 48, 32);
    photo("b.png", 48, 32);
  }

  // The command is refused with this code and a message that names `named`; every file stays as it was.
  void expect_refused(int code, const std::string& command, const std::string& named) {
    std::map<std::string, std::string> before;
    for (const auto& e : fs::directory_iterator(folder))
      if (e.is_regular_file()) before[e.path()] = slurp(e.path());
    const Result r = sfumato(command);
    EXPECT_EQ(code, r.code) << command << '\n' << r.err;
    EXPECT_NE(r.err.find(named), std::string::npos) << command << '\n' << r.err;
    for (const auto& [path, bytes] : before) EXPECT_EQ(bytes, slurp(path)) << command << ": " << path;
    EXPECT_EQ(static_cast<int>(before.size()), file_count()) << command;
  }
};

TEST_F(Inputs, AreNoOutputsUnderAnyOption) {
  expect_refused(2, "evaluate a.png b.png --report a.png", "a.png: found '.png'; expected a report's name");
  expect_refused(2, "learn a.png b.png -o l.safetensors --report l.safetensors", "l.safetensors: found '.safetensors'");
  for (const char* option : {"--preview a.png", "--preview b.png", "--preview o.png"})
    expect_refused(2, std::string("paint a.png --style b.png -o o.png ") + option, "is an input as well");
  expect_refused(2, "paint a.png --style b.png --with neural -o o.png --trace a.png", "a.png: is an input as well");
  expect_refused(2, "render a.png --look noir --mask b.png -o b.png --if-exists overwrite", "b.png: is an input");
  for (const char* output : {"m.png", "r.png"}) {
    photo("m.png", 48, 32), photo("r.png", 48, 32);
    expect_refused(2,
                   std::string("match a.png --reference b.png --mask m.png --reference-mask r.png -o ") + output +
                       " --if-exists overwrite",
                   "is an input as well");
  }
}

TEST_F(Inputs, AreNotReplacedByTheTableOfALook) {
  spill(folder / "film.cube", "mine");
  expect_refused(5, "match a.png --reference b.png -o o.png --save-look film.json", "film.cube: exists already");
  expect_refused(5, "match a.png --reference b.png -o o.png --save-look film.cube", "film.cube: exists already");
  expect_refused(5, "export --look velvia -o film.cube",
                 "film.cube: exists already; choose another name or --overwrite");
  expect_refused(5, "looks --sheet a.png -o b.png", "b.png: exists already");
  EXPECT_EQ(0, sfumato("export --look velvia -o film.cube --overwrite").code);
  EXPECT_EQ(0, sfumato("match a.png --reference b.png -o o.png --save-look film.json --if-exists overwrite").code);
  EXPECT_TRUE(fs::exists(folder / "film.json"));
}

TEST_F(Inputs, GetOutputsOfTheirOwnWhenRenamed) {
  fs::create_directories(folder / "in");
  fs::create_directories(folder / "out");
  fs::rename(folder / "a.png", folder / "in/x.png");
  fs::rename(folder / "b.png", folder / "in/x-1.png");
  spill(folder / "out/x.png", "older");
  EXPECT_EQ(0, sfumato("render in --look velvia -o out --name '{stem}.{ext}' --if-exists rename").code);
  EXPECT_EQ(3, std::distance(fs::directory_iterator(folder / "out"), fs::directory_iterator()));
  EXPECT_EQ("older", slurp(folder / "out/x.png"));
}

TEST_F(Inputs, ThatOthersMadeAreNotUpdated) {
  expect_refused(4, "render a.png --look velvia -o b.png --if-exists update",
                 "was not made by this program");
  ASSERT_EQ(0, sfumato("render a.png --look velvia -o c.png").code);
  EXPECT_EQ(0, sfumato("render a.png --look provia -o c.png --if-exists update").code);
}

TEST_F(Inputs, AreRenderedAnewWhereTheOutputIsAskedForOtherwise) {
  const auto status = [&](const std::string& options) {
    const Result r = sfumato("render a.png --look velvia -o c.jpg --resume --json " + options);
    EXPECT_EQ(0, r.code) << r.err;
    return nlohmann::json::parse(r.out.substr(0, r.out.find('\n')))["status"].get<std::string>();
  };
  EXPECT_EQ("done", status(""));
  EXPECT_EQ("skipped", status(""));
  for (const char* option : {"--quality 10", "--quality 10 --icc srgb", "--quality 10 --icc srgb --dither off"}) {
    EXPECT_EQ("done", status(option)) << option;
    EXPECT_EQ("skipped", status(option)) << option;
  }
}

TEST_F(Inputs, KeepTheirTraceWhereNothingIsPainted) {
  spill(folder / "t.jsonl", "{}\n");
  EXPECT_EQ(0, sfumato("paint a.png --style b.png --with neural -o o.png --trace t.jsonl --dry-run").code);
  EXPECT_EQ("{}\n", slurp(folder / "t.jsonl"));
}

TEST_F(Inputs, GetTheirLookEvenIfTheirPictureIsThere) {
  ASSERT_EQ(0, sfumato("match a.png --reference b.png -o o.png").code);
  const std::string made = slurp(folder / "o.png");
  EXPECT_EQ(0, sfumato("match a.png --reference b.png -o o.png --if-exists skip --save-look l.cube").code);
  EXPECT_TRUE(fs::exists(folder / "l.cube"));
  EXPECT_EQ(made, slurp(folder / "o.png"));
}

TEST_F(Inputs, AreNotReadWhereTheOutputCannotBeWritten) {
  expect_refused(5, "learn a.png b.png -o nosuch/l.safetensors", "nosuch/l.safetensors: cannot be created");
  expect_refused(5, "learn a.png b.png -o l.safetensors --report nosuch/r.html", "nosuch/r.html: cannot be created");
  expect_refused(5, "train fast a.png --style b.png -o nosuch/n.safetensors",
                 "nosuch/n.safetensors: cannot be created");
  expect_refused(5, "render a.png --look velvia -o o.png --show-maps b.png", "b.png: cannot be made");
}

TEST_F(Inputs, NeedMasksOfTheirOwnShape) {
  photo("tall.png", 32, 48);
  expect_refused(4, "render a.png --look noir --mask tall.png -o o.png",
                 "tall.png: found 32 x 48 pixels for a photo that is 1.5 times as wide as high; expected the same");
  expect_refused(4, "match a.png --reference b.png --mask a.png --reference-mask tall.png -o o.png", "tall.png: found");
  photo("small.png", 7, 5);
  EXPECT_EQ(0, sfumato("render a.png --look noir --mask small.png -o o.png").code);
}

TEST_F(Inputs, MeetNumbersOnly) {
  expect_refused(2, "detail a.png --amount nan -o o.png", "--amount: found 'nan'; expected a number from -1 to 4");
  expect_refused(2, "match a.png --reference b.png --strength nan -o o.png", "--strength: found 'nan'");
  expect_refused(2, "render a.png --look noir --mask b.png --feather nan -o o.png", "--feather: found 'nan'");
  expect_refused(2, "render a.png --look velvia --max-pixels -5 -o o.png", "--max-pixels: found '-5'");
  expect_refused(2, "train fast a.png --style b.png --crop 65 -o n.safetensors", "expected a multiple of 8");
}

TEST_F(Inputs, MeetNamesThatAreKnown) {
  expect_refused(7, "paint a.png --with net --net stary-night -o o.png",
                 "stary-night: found no file and no built-in network of that name; did you mean 'starry-night'?");
  expect_refused(7, "learn a.png b.png --model network --template camra -o l.safetensors",
                 "found the template 'camra'; did you mean 'camera'?");
  expect_refused(2, "upscale a.png --by 4 --net mine.safetensors -o o.png", "--by excludes --net");
}

TEST_F(Inputs, AreNamedAsTheyWereTyped) {
  expect_refused(2, "render a.png --look velvia -o ''", "--output: found an empty name");
  expect_refused(2, "render a.png --look velvia -o out/ --name '{x}.png'", "found '{x}.png'; expected {stem}");
  expect_refused(2, "render a.png --look velvia -o o.jpg --format png", "o.jpg: found --format png for it");
  expect_refused(2, "rendr a.png", "found no command of that name: rendr; did you mean render?");
  EXPECT_EQ(0, shell("printf 'a.png\\r\\nb.png\\r\\na.png\\n' | " SFUMATO_BINARY
                     " render --look velvia --from-file - -o out/")
                   .code);
  EXPECT_EQ(2, std::distance(fs::directory_iterator(folder / "out"), fs::directory_iterator()));
}

}  // namespace
}  // namespace sfumato
