// SPDX-License-Identifier: Apache-2.0
// Networks trained by the program, and what a kill leaves.
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "pairs_of_scenes.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

class TrainedByProgram : public ScenePairsTest {
 protected:
  static constexpr const char* training =
      " learn before after --model network --grain off --focus off --threads 1 --batch 2 --pixels 64"
      " --patience 0 --perceptual-weight 0 --overwrite --progress none -o ";
};

// Killed at any step, training goes on from its last checkpoint to the same bytes.
TEST_F(TrainedByProgram, GoesOnAfterAKillToTheSameWeights) {
  make_pairs(4);
  ASSERT_EQ(0, shell(SFUMATO_BINARY + std::string(training) + "whole.safetensors --steps 120").code);
  EXPECT_FALSE(fs::exists(folder / "whole.safetensors.checkpoint"));

  const Result killed =
      shell(SFUMATO_BINARY + std::string(training) +
            "resumed.safetensors --steps 120 & pid=$!; while [ ! -e resumed.safetensors.checkpoint ]; do "
            "sleep 0.02; kill -0 $pid || exit 1; done; kill -9 $pid; wait $pid; echo $?");
  ASSERT_EQ("137\n", killed.out) << killed.err;
  EXPECT_FALSE(fs::exists(folder / "resumed.safetensors"));

  ASSERT_EQ(0, shell(SFUMATO_BINARY + std::string(training) + "resumed.safetensors --steps 120 --resume").code);
  const std::string whole = slurp(folder / "whole.safetensors"), resumed = slurp(folder / "resumed.safetensors");
  ASSERT_GT(whole.size(), 1000000u);
  // The look and its report come first and name the command; the tensors are the file's end.
  const std::size_t tensors = std::min(whole.size(), resumed.size()) * 9 / 10;
  EXPECT_EQ(whole.substr(whole.size() - tensors), resumed.substr(resumed.size() - tensors));
}

// Half trained, a tilt-shift blurs what is smooth already: pictures rendered whole hardly change.
TEST_F(TrainedByProgram, AreJudgedOnWholePictures) {
  make_pairs(4);
  const Result r = shell("rm -r after; cp -r before after; " + std::string(SFUMATO_BINARY) + training +
                         "net.safetensors --template tilt-shift --steps 2 --json");
  const auto models = nlohmann::json::parse(r.out).at("models");
  EXPECT_EQ("network", models.back().at("name"));
  EXPECT_LT(models.back().at("left_out_error").get<double>(), 8.0);
}

TEST_F(TrainedByProgram, IncludeALocalNetworkWhereItIsAskedFor) {
  make_pairs(4);
  const Result r = shell(SFUMATO_BINARY
                         " learn before after -o local.safetensors --model closed --local network --local-steps 2"
                         " --local-size 64 --grain off --focus off --threads 1 --json --progress none");
  const auto all = nlohmann::json::parse(r.out);
  EXPECT_EQ("local network", all.at("models").back().at("name"));
  // Two steps are not worth keeping.
  EXPECT_EQ("static", all.at("chosen"));
}

TEST_F(TrainedByProgram, RendersWithoutTheModule) {
  make_pairs(4);
  ASSERT_EQ(0, shell(SFUMATO_BINARY + std::string(training) + "net.safetensors --steps 30").code);
  const Result r = shell("LD_DEBUG=files " SFUMATO_BINARY " render before/1.png --look net.safetensors -o out.png");
  EXPECT_EQ(0, r.code);
  EXPECT_EQ(r.err.find("libtorch"), std::string::npos);
  EXPECT_NE(r.err.find("libsfumato"), std::string::npos);
}

}  // namespace
}  // namespace sfumato
