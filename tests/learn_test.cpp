// SPDX-License-Identifier: Apache-2.0
// Learning by the program, without a network: looks from pairs, and what becomes of pairs that are none.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "pairs_of_scenes.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

class LearnedByProgram : public ScenePairsTest {
 protected:
  void expect_refusal(const std::string& arguments, const std::string& why) const {
    const Result r = sfumato("learn " + arguments + " -o look.safetensors");
    EXPECT_EQ(4, r.code) << arguments;
    EXPECT_NE(r.err.find(why), std::string::npos) << r.err;
    EXPECT_FALSE(fs::exists(folder / "look.safetensors"));
  }
};

TEST_F(LearnedByProgram, LooksRenderTheEdit) {
  make_pairs(3);
  ASSERT_EQ(0, sfumato("learn before after -o mine.safetensors --report mine.html").code);
  ASSERT_EQ(0, sfumato("render before/2.png --look mine.safetensors -o out.png").code);
  const Result off = shell("vips subtract out.png after/2.png .d.v && vips abs .d.v .a.v && vips avg .a.v; rm .*.v");
  EXPECT_LT(std::stod(off.out), 0.7);  // of 255; both are rounded, ours with dither
  EXPECT_NE(slurp(folder / "mine.html").find("How the model was chosen"), std::string::npos);
  EXPECT_EQ(2, sfumato("learn before after -o mine.json").code) << "tables and weights need .safetensors";
  EXPECT_EQ(5, sfumato("learn before after -o mine.safetensors").code) << "exists";

  const Result exported = sfumato("export --look mine.safetensors -o mine.cube");
  EXPECT_NE(exported.out.find("residual to the renderer: delta E 2000 mean 0.0"), std::string::npos) << exported.out;
}

TEST_F(LearnedByProgram, LooksFollowThePhotoWhereTheEditDid) {
  for (const char* side : {"photos", "dark"}) std::filesystem::create_directory(folder / side);
  for (int i = 0; i < 6; ++i) make_scene(fmt::format("photos/{}.png", i), i);
  for (int i = 0; i < 6; ++i)
    ASSERT_EQ(0, sfumato(fmt::format("render photos/{0}.png --set exposure.stops={1} -o dark/{0}.png", i,
                                     0.25 * (i % 5) - 0.8))
                     .code);
  spill(folder / "follows.json",
        R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": {"from": "key", "target": 0.2}}]})");
  ASSERT_EQ(0, sfumato("generate --look follows.json --photos dark -o pairs").code);
  const Result r = sfumato("learn pairs/before pairs/after -o mine.safetensors --json");
  ASSERT_EQ(0, r.code) << r.err;
  EXPECT_EQ("adaptive", nlohmann::json::parse(r.out).at("chosen"));
}

TEST_F(LearnedByProgram, VignettesAreToldFromColors) {
  for (int i = 0; i < 2; ++i) {
    make_scene(fmt::format("{}.png", i), i);
    ASSERT_EQ(0, sfumato(fmt::format("render {0}.png --set vignette.amount=-0.7 --set saturation.amount=0.3 "
                                     "-o after{0}.png",
                                     i))
                     .code);
  }
  const Result r = sfumato("learn 0.png after0.png -o mine.safetensors");
  ASSERT_EQ(0, r.code) << r.err;
  EXPECT_NE(r.out.find("found a vignette"), std::string::npos) << r.out;
  ASSERT_EQ(0, sfumato("learn 0.png after0.png -o without.safetensors --vignette off").code);
  const auto off = [&](const char* look) {
    EXPECT_EQ(0, sfumato(fmt::format("render 1.png --look {0}.safetensors -o {0}.png", look)).code);
    return std::stod(
        shell(fmt::format("vips subtract {}.png after1.png .d.v && vips abs .d.v .a.v && vips avg .a.v; rm .*.v", look))
            .out);
  };
  EXPECT_LT(off("mine"), 0.4 * off("without")) << "on a photo that was not learned from";
}

TEST_F(LearnedByProgram, LooksOfAnUntouchedPairAreTheIdentity) {
  make_scene("a.png", 1);
  fs::copy(folder / "a.png", folder / "b.png");
  ASSERT_EQ(0, sfumato("learn a.png b.png -o none.safetensors").code);
  ASSERT_EQ(0, sfumato("render a.png --look none.safetensors -o out.png").code);
  EXPECT_EQ("0.000000\n",
            shell("vips subtract a.png out.png .d.v && vips abs .d.v .a.v && vips max .a.v; rm .*.v").out);
}

TEST_F(LearnedByProgram, PairsThatAreNoneAreRefusedWithTheReason) {
  make_pairs(4);
  expect_refusal("before/1.png after/2.png", "show different scenes");
  expect_refusal("before/1.png before/1.png", "the same file is given as before and as after");
  expect_refusal("before before", "is given as before and as after; expected two folders");
  expect_refusal("before none", "none: found no such file or folder");

  // Of several, the good ones are learned from, and the exit code says that some were not.
  fs::copy(folder / "after/3.png", folder / "after/2.png", fs::copy_options::overwrite_existing);
  spill(folder / "after/1.png", "no picture");
  const Result r = sfumato("learn before after -o look.safetensors --json");
  EXPECT_EQ(3, r.code);
  EXPECT_NE(r.err.find("1: refused: after/1.png: found no picture format that is known"), std::string::npos) << r.err;
  EXPECT_NE(r.err.find("2: refused: before/2.png and after/2.png: show different scenes"), std::string::npos) << r.err;
  EXPECT_EQ(2u, nlohmann::json::parse(r.out).at("refused").size());
}

TEST_F(LearnedByProgram, SwappedFoldersAreNoticed) {
  make_pairs(3);
  fs::rename(folder / "after", folder / "edited");
  const Result r = sfumato("learn edited before -o look.safetensors");
  EXPECT_NE(r.err.find("before and after look swapped"), std::string::npos) << r.err;
}

TEST_F(LearnedByProgram, DepthsMayDiffer) {
  make_pairs(3);
  ASSERT_EQ(0,
            shell("for i in 1 2 3; do vips colourspace after/$i.png after/$i.tif rgb16 && rm after/$i.png; done").code);
  const Result r = sfumato("learn before after -o look.safetensors --json");
  ASSERT_EQ(0, r.code) << r.err;
  const auto report = nlohmann::json::parse(r.out);
  EXPECT_EQ("static", report.at("chosen"));
}

}  // namespace
}  // namespace sfumato
