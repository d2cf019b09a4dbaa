// SPDX-License-Identifier: Apache-2.0
// Folders as photographers have them: outputs beside inputs, names in capitals, notes of other programs, broken files.
#include <nlohmann/json.hpp>

#include "program.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

class Batch : public ProgramTest {
 protected:
  static std::vector<nlohmann::json> objects(const std::string& text) {
    std::vector<nlohmann::json> all;
    for (std::size_t i = 0, end; (end = text.find('\n', i)) != std::string::npos; i = end + 1)
      all.push_back(nlohmann::json::parse(text.substr(i, end - i)));
    return all;
  }
};

TEST_F(Batch, DoesNotStyleItsOwnOutputsAgain) {
  photo("a.png", 20, 20);
  photo("b.png", 20, 20);
  EXPECT_EQ(0, sfumato("render . --look velvia").code);
  EXPECT_EQ(4, file_count());
  EXPECT_EQ(0, sfumato("render . --look velvia --resume").code);
  EXPECT_EQ(0, sfumato("render *.png --look velvia --if-exists overwrite").code);
  EXPECT_EQ(4, file_count());
  const Result r = sfumato("render . --look velvia");
  EXPECT_EQ(4, r.code);
  EXPECT_NE(r.err.find("2 pictures left out"), std::string::npos) << r.err;
  for (int i = 1; i <= 2; ++i)
    EXPECT_EQ(0, sfumato("render . --look velvia --resume --shard " + std::to_string(i) + "/2").code);
  EXPECT_EQ(4, file_count());
}

// A link's target lies anywhere: names come from the folder that was searched, or outputs would land beside the photo
// that is linked to, and over it.
TEST_F(Batch, KeepsOutputsOfLinkedPhotosInTheOutputFolder) {
  photo("photo.png", 20, 20);
  fs::create_directories(folder / "kept/deep");
  fs::create_directory(folder / "links");
  fs::rename(folder / "photo.png", folder / "kept/deep/photo.png");
  fs::create_symlink(folder / "kept/deep/photo.png", folder / "links/photo.png");
  const std::string original = slurp(folder / "kept/deep/photo.png");
  EXPECT_EQ(0, sfumato("render links/ --look velvia -o out/ --name '{stem}.{ext}'").code);
  EXPECT_EQ(0, sfumato("generate --look velvia --photos links/ -o pairs").code);
  for (const char* made : {"out/photo.png", "pairs/before/photo.png", "pairs/after/photo.png"})
    EXPECT_TRUE(fs::is_regular_file(folder / made)) << made;
  EXPECT_EQ(original, slurp(folder / "kept/deep/photo.png"));
  EXPECT_EQ(1, std::distance(fs::directory_iterator(folder / "kept/deep"), fs::directory_iterator()));
}

TEST_F(Batch, RefusesTheNameOfOnePictureForSeveral) {
  photo("a.png", 20, 20);
  photo("b.png", 20, 20);
  const Result r = sfumato("render a.png b.png --look velvia -o out.jpg");
  EXPECT_EQ(2, r.code);
  EXPECT_NE(r.err.find("out.jpg: is the name of one picture"), std::string::npos) << r.err;
  EXPECT_EQ(2, file_count());
}

TEST_F(Batch, GivesNamesInCapitalsAFormat) {
  photo("a.png", 20, 20);
  fs::rename(folder / "a.png", folder / "A.PNG");
  spill(folder / "B.CR2", "no RAW");
  spill(folder / "c.NEF", "no RAW");
  const Result r = sfumato("render . --look provia -o out/");
  EXPECT_EQ(3, r.code) << r.err;
  EXPECT_TRUE(fs::exists(folder / "out/A_provia.PNG"));
  const Result names = sfumato("render . --look provia -o out/ --dry-run --if-exists skip");
  EXPECT_NE(names.out.find("out/B_provia.tif"), std::string::npos) << names.out;
  EXPECT_NE(names.out.find("out/c_provia.tif"), std::string::npos) << names.out;
}

TEST_F(Batch, RefusesANameThatIsEmpty) {
  photo("a.png", 20, 20);
  const Result r = sfumato("render a.png '' --look provia -o out/");
  EXPECT_EQ(3, r.code) << r.err;
}

TEST_F(Batch, PassesOverHiddenNotesBesidePictures) {
  photo("a.jpg", 20, 20);
  spill(folder / "._a.jpg", "Mac OS X");
  EXPECT_EQ(0, sfumato("render . --look provia -o out/").code);
}

TEST_F(Batch, ResumesOverItsOwnOutputsOnly) {
  photo("a.png", 20, 20);
  photo("b.png", 20, 20);
  fs::create_directory(folder / "out");
  spill(folder / "out/a_astia.png", "somebody's");
  const std::string command = "render a.png b.png --look astia -o out/ --resume";
  EXPECT_EQ(3, sfumato(command).code);
  EXPECT_EQ("somebody's", slurp(folder / "out/a_astia.png"));
  const std::string first = slurp(folder / "out/b_astia.png");
  // Another strength is another look under the same name.
  EXPECT_EQ(3, sfumato(command + " --strength 0.5").code);
  EXPECT_NE(first, slurp(folder / "out/b_astia.png"));
}

TEST_F(Batch, DryRunSaysWhatTheRunWouldDo) {
  photo("a.png", 20, 20);
  photo("b.png", 20, 20);
  EXPECT_EQ(0, sfumato("render a.png --look astia -o out/").code);
  const std::string command = "render a.png b.png none.png --look astia -o out/ --resume --dry-run";
  const Result text = sfumato(command);
  EXPECT_EQ(3, text.code);
  EXPECT_NE(text.out.find("a.png -> out/a_astia.png  (up to date)\n"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("b.png -> out/b_astia.png\n"), std::string::npos) << text.out;
  const auto all = objects(sfumato(command + " --json").out);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0]["status"], "skipped");
  EXPECT_EQ(all[1]["status"], "would be done");
  EXPECT_EQ(all[2]["status"], "refused");
  EXPECT_EQ(all[3], nlohmann::json({{"done", 1}, {"skipped", 1}, {"refused", 1}, {"left", 0}, {"exit", 3}}));
  EXPECT_FALSE(fs::exists(folder / "out/b_astia.png"));
}

TEST_F(Batch, ThatStopsAtTheFirstRefusalSaysWhatIsLeft) {
  spill(folder / "a.jpg", "no picture");
  photo("b.jpg", 20, 20);
  photo("c.jpg", 20, 20);
  const Result r = sfumato("render a.jpg b.jpg c.jpg --look provia -o out/ --fail-fast --json");
  EXPECT_EQ(4, r.code);
  EXPECT_EQ(objects(r.out).back(),
            nlohmann::json({{"done", 0}, {"skipped", 0}, {"refused", 1}, {"left", 2}, {"exit", 4}}));
}

TEST_F(Batch, ReadsNamesFromAListWhateverTheyHold) {
  photo("a b.png", 20, 20);
  fs::copy(folder / "a b.png", folder / "caf\xc3\xa9\n.png");
  const Result r = shell("printf 'a b.png\\0caf\xc3\xa9\\n.png\\0' | " SFUMATO_BINARY
                         " render --from-file - -0 --look provia -o out/");
  EXPECT_EQ(0, r.code) << r.err;
  EXPECT_TRUE(fs::exists(folder / "out/a b_provia.png"));
  EXPECT_TRUE(fs::exists(folder / "out/caf\xc3\xa9\n_provia.png"));
}

TEST_F(Batch, RunsSeveralPicturesAtATimeWithTheSameBytes) {
  for (int i = 0; i < 6; ++i) photo("p" + std::to_string(i) + ".png", 200, 150);
  EXPECT_EQ(0, sfumato("render p*.png --look cyberpunk -o one/").code);
  EXPECT_EQ(0, sfumato("render p*.png --look cyberpunk -o four/ --jobs 4 --threads 3").code);
  for (int i = 0; i < 6; ++i) {
    const std::string name = "p" + std::to_string(i) + "_cyberpunk.png";
    EXPECT_EQ(slurp(folder / "one" / name), slurp(folder / "four" / name)) << name;
  }
}

TEST_F(Batch, OtherCommandsSpareTheirInputsToo) {
  photo("a.png", 20, 20);
  const std::string before = slurp(folder / "a.png");
  EXPECT_EQ(2, sfumato("looks --sheet a.png -o ./a.png").code);
  EXPECT_EQ(before, slurp(folder / "a.png"));
  EXPECT_EQ(0, sfumato("export --look velvia -o v.cube").code);
  const std::string cube = slurp(folder / "v.cube");
  EXPECT_EQ(2, sfumato("export --look v.cube --size 9 -o ./v.cube").code);
  EXPECT_EQ(cube, slurp(folder / "v.cube"));
  shell("cp v.cube v.json");
  EXPECT_EQ(2, sfumato("import v.json -o v.json").code);
}

}  // namespace
}  // namespace sfumato
