// SPDX-License-Identifier: Apache-2.0
// Painting by optimization as a user starts and stops it.
#include <nlohmann/json.hpp>

#include "pairs_of_scenes.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

class PaintedNeurally : public ScenePairsTest {
 protected:
  static constexpr const char* painting =
      " paint before/1.png --style before/2.png --with neural --size 48 --first-size 48 --progress none -o ";
};

TEST_F(PaintedNeurally, TellsEachStep) {
  make_pairs(3);
  const Result r = shell(SFUMATO_BINARY + std::string(painting) +
                         "out.png --style before/3.png --style-weight 2 --style-weight 1 --first-steps 3 --trace t");
  ASSERT_EQ(0, r.code) << r.err;
  EXPECT_NE(r.err.find("random kernels"), std::string::npos) << r.err;
  EXPECT_TRUE(fs::exists(folder / "out.png"));
  std::ifstream trace(folder / "t");
  int lines = 0;
  for (std::string line; std::getline(trace, line); ++lines)
    EXPECT_GT(nlohmann::json::parse(line).at("loss").get<double>(), 0);
  EXPECT_EQ(3, lines);
}

TEST_F(PaintedNeurally, KeepsWhatItHasWhenInterrupted) {
  make_pairs(2);
  const Result r =
      shell(SFUMATO_BINARY + std::string(painting) +
            "out.png --first-steps 100000 --trace t & pid=$!; while [ ! -s t ]; do sleep 0.02; kill -0 $pid "
            "|| exit 1; done; kill -INT $pid; wait $pid; echo $?");
  EXPECT_EQ("75\n", r.out) << r.err;
  EXPECT_TRUE(fs::exists(folder / "out.png"));
}

TEST_F(PaintedNeurally, RefusesWhatDoesNotFitTogether) {
  make_pairs(2);
  EXPECT_EQ(2, shell(SFUMATO_BINARY " paint before/1.png --with neural -o out.png").code);
  EXPECT_EQ(2, shell(SFUMATO_BINARY + std::string(painting) + "out.png --style-weight 1 --style-weight 2").code);
  const Result r =
      shell("echo no > no.safetensors; " + std::string(SFUMATO_BINARY) + painting + "out.png --weights no.safetensors");
  EXPECT_EQ(7, r.code) << r.err;
  EXPECT_FALSE(fs::exists(folder / "out.png"));
}

}  // namespace
}  // namespace sfumato
