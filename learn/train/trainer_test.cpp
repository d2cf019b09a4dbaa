// SPDX-License-Identifier: Apache-2.0
#include "train/trainer.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>

#include "look/head.h"
#include "look/net_adapter.h"
#include "sfumato/error.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

// Patches of color under a slow light; no two alike.
Picture scene(int number, int width = 96, int height = 64) {
  std::mt19937 random(number);
  std::uniform_real_distribution<float> unit(0.05f, 0.9f);
  Picture p(width, height, Sample::f32);
  float patch[6][8][3];
  for (auto& row : patch)
    for (auto& cell : row)
      for (float& v : cell) v = unit(random);
  const float light = 0.4f + 0.6f * unit(random);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c)
        p.samples<float>()[(y * width + x) * 3 + c] =
            patch[y * 6 / height][x * 8 / width][c] * light * (0.8f + 0.2f * x / width);
  return p;
}

Pair pair_of(int number, const Look& edit) {
  Pair pair;
  pair.name = "scene" + std::to_string(number);
  pair.before = scene(number);
  pair.after = Picture(pair.before.width(), pair.before.height(), Sample::f32);
  pair.usable.assign(static_cast<std::size_t>(pair.before.width()) * pair.before.height(), 1);
  render(Plan(edit), std::as_const(pair.before).view(), pair.after.view());
  return pair;
}

std::vector<Pair> pairs_of(int count, const Look& edit) {
  std::vector<Pair> pairs;
  for (int i = 0; i < count; ++i) pairs.push_back(pair_of(i, edit));
  return pairs;
}

const char* ranged = R"({"sfumato": 1, "steps": [
  {"op": "exposure", "stops": [-1, 0, 1]}, {"op": "saturation", "amount": [-1, 0, 1]}, {"op": "vignette", "amount": [-2, 0, 2]}]})";
const char* edit = R"({"sfumato": 1, "steps": [
  {"op": "exposure", "stops": 0.4}, {"op": "saturation", "amount": -0.3}, {"op": "vignette", "amount": -0.8}]})";

TrainOptions quick() {
  TrainOptions o;
  o.steps = 60, o.batch = 2, o.pixels = 256, o.look_every = 10, o.rate = 5e-3, o.threads = 1, o.patience = 0;
  o.perceptual_weight = 0.02;
  return o;
}

std::vector<float> weights_of(const Trained& t) {
  std::vector<float> all;
  for (const auto& [name, tensor] : static_cast<const NetAdapter&>(*t.look.adapter).weights().tensors)
    all.insert(all.end(), tensor.values.begin(), tensor.values.end());
  return all;
}

std::string temporary(const std::string& name) {
  return (std::filesystem::temp_directory_path() / (name + std::to_string(getpid()))).string();
}

TEST(Trainer, RecoversTheKnobsOfAnEdit) {
  const Look look = parse_look(ranged, "ranged");
  TrainOptions o = quick();
  o.steps = 250;
  const Trained t = Trainer(look, pairs_of(6, parse_look(edit, "edit")), o).run({});
  EXPECT_LT(t.history.back().loss, 0.15 * t.history.front().loss);
  EXPECT_LT(t.history.back().loss, 0.01);
  EXPECT_EQ(1u, t.held_out.size());
}

TEST(Trainer, UntrainedNetworksLeavePhotosBitForBitAsTheyAre) {
  const Picture photo = scene(3);
  const Analysis analysis = analyze(photo.view());
  TrainOptions o = quick();
  o.steps = 0;
  for (const char* name : {"learn/general", "learn/camera", "learn/tilt-shift"}) {
    const Look look = find_look(name);
    const Trained t = Trainer(look, pairs_of(2, parse_look(edit, "edit")), o).run({});
    const Picture out = rendered(Plan(t.look.adapter->adapt(t.look, analysis).look), photo.view());
    EXPECT_EQ(0, std::memcmp(photo.samples<float>(), out.samples<float>(), photo.sample_count() * sizeof(float)))
        << name;
  }
}

// What training computes with is what rendering computes with.
TEST(Trainer, TrainedNetworksSayTheSameToTheRenderer) {
  const Look look = parse_look(ranged, "ranged");
  const auto pairs = pairs_of(4, parse_look(edit, "edit"));
  const Trained t = Trainer(look, pairs, quick()).run({});
  const auto& adapter = static_cast<const NetAdapter&>(*t.look.adapter);
  const TensorNet net(adapter.net(), adapter.weights());
  for (const Pair& pair : pairs) {
    const TrainItem item(pair);
    const torch::Tensor raw = net(net_inputs({&item})).at("raw").flatten();
    const Look want = with_raw(t.look, head_of(t.look), raw.data_ptr<float>());
    const Look got = adapter.adapt(t.look, analyze(pair.before.view())).look;
    for (std::size_t s = 0; s < want.steps.size(); ++s)
      for (std::size_t i = 0; i < want.steps[s].values.size(); ++i)
        EXPECT_NEAR(want.steps[s].values[i].preset, got.steps[s].values[i].preset, 1e-5);
  }
}

TEST(Trainer, GoesOnBitForBitWhereItWasStopped) {
  const Look look = parse_look(ranged, "ranged");
  const auto pairs = pairs_of(5, parse_look(edit, "edit"));
  const Trained whole = Trainer(look, pairs, quick()).run({});
  TrainOptions o = quick();
  o.checkpoint = temporary("checkpoint");
  auto stop_at_33 = [](const TrainPoint& p, int) { return p.step != 33; };
  try {
    Trainer(look, pairs, o).run(stop_at_33);
    FAIL() << "was not stopped";
  } catch (const Error& e) {
    EXPECT_EQ(Code::stopped, e.code());
  }
  o.resume = true;
  const Trained resumed = Trainer(look, pairs, o).run({});
  EXPECT_EQ(weights_of(whole), weights_of(resumed));
  ASSERT_EQ(whole.history.size(), resumed.history.size());

  TrainOptions other = o;
  other.rate *= 2;
  EXPECT_THROW(Trainer(look, pairs, other), Error) << "a checkpoint of other options";
  std::filesystem::remove(o.checkpoint);
}

// Two processes share batches of twice the size; gradients and losses are those of one process.
TEST(Trainer, TwoRanksLearnAsOneWithTheDoubledBatch) {
  const Look look = parse_look(ranged, "ranged");
  const auto pairs = pairs_of(5, parse_look(edit, "edit"));
  TrainOptions alone = quick();
  // So slowly that sums of another order do not grow into another curve.
  alone.steps = 20, alone.rate = 5e-4;
  TrainOptions shared = alone;
  alone.batch = 4, shared.batch = 2;
  const std::string path = temporary("ranks");
  std::vector<pid_t> children;
  for (const char* rank : {"0", "1"}) {
    const pid_t child = fork();
    if (child == 0) {
      setenv("RANK", rank, 1), setenv("WORLD_SIZE", "2", 1), setenv("MASTER_ADDR", "127.0.0.1", 1);
      setenv("MASTER_PORT", std::to_string(20000 + getppid() % 20000).c_str(), 1);
      int status = 1;
      try {
        const Trained t = Trainer(look, pairs, shared).run({});
        TensorFile file;
        for (const TrainPoint& p : t.history) file.tensors["loss"].values.push_back(static_cast<float>(p.loss));
        file.tensors["loss"].shape = {static_cast<std::int64_t>(t.history.size())};
        if (*rank == '0') write_safetensors(path, file);
        status = 0;
      } catch (const std::exception& e) {
        std::fprintf(stderr, "rank %s: %s\n", rank, e.what());
      }
      _exit(status);
    }
    children.push_back(child);
  }
  for (pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(0, status);
  }
  const Trained one = Trainer(look, pairs, alone).run({});
  const auto losses = read_safetensors(path).get("loss").values;
  std::filesystem::remove(path);
  ASSERT_EQ(one.history.size(), losses.size());
  for (std::size_t i = 0; i < losses.size(); ++i) EXPECT_NEAR(one.history[i].loss, losses[i], 2e-5) << "step " << i;
}

TEST(Trainer, RefusesALookWithoutRanges) {
  const Look look = parse_look(edit, "edit");
  EXPECT_THROW(Trainer(look, pairs_of(2, look), quick()), Error);
}

}  // namespace
}  // namespace sfumato
