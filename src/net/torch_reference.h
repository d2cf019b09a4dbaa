// SPDX-License-Identifier: Apache-2.0
// Networks computed by PyTorch at test time from the JSON of their NetSpec: an outside witness.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>

#include "net/engine.h"
#include "python.h"

namespace sfumato {

// Random weights: kernels that keep the size of values, running variances above 0.
inline TensorFile random_weights(const NetSpec& spec, const Shapes& shapes, unsigned seed = 1) {
  std::minstd_rand random(seed);
  std::uniform_real_distribution<float> noise(-1.7f, 1.7f);  // of deviation 1
  TensorFile file;
  for (const NetParameter& p : parameters_of(spec, shapes)) {
    Tensor& tensor = file.tensors[p.name] = {p.shape, {}};
    std::int64_t count = 1;
    for (const std::int64_t side : p.shape) count *= side;
    tensor.values.resize(static_cast<std::size_t>(count));
    const bool scale = p.name.ends_with("running_var") || (p.fan_in == 0 && p.name.ends_with("weight"));
    const float size = p.fan_in ? std::sqrt(2.0f / static_cast<float>(p.fan_in)) : 0.2f;
    for (float& value : tensor.values) value = scale ? 0.8f + 0.4f * std::abs(noise(random)) : noise(random) * size;
  }
  return file;
}

inline std::vector<Tensor> random_inputs(const NetSpec& spec, const Shapes& shapes, unsigned seed = 2) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(0, 1);
  std::vector<Tensor> inputs;
  for (const NetInput& input : spec.inputs) {
    const Shape& s = shapes.at(input.name);
    Tensor& tensor =
        inputs.emplace_back(Tensor{{s.n, s.c, s.h, s.w}, std::vector<float>(static_cast<std::size_t>(s.count()))});
    for (float& value : tensor.values) value = uniform(random);
  }
  return inputs;
}

// Nets, their weights and inputs; compared with PyTorch all at once, since it takes a second to start.
class TorchReference : public testing::Test {
 protected:
  struct Case {
    NetSpec spec;
    Shapes shapes;
    TensorFile weights;
    std::vector<Tensor> inputs;
  };

  void SetUp() override {
    if (!python_has("numpy torch")) GTEST_SKIP() << "python3 with torch is missing";
    char name[] = "/tmp/sfumato_net_XXXXXX";
    ASSERT_TRUE(mkdtemp(name));
    folder_ = name;
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  void add(const NetSpec& spec, const Shapes& inputs) {
    const Shapes shapes = infer_shapes(spec, inputs);
    cases_.push_back({spec, shapes, random_weights(spec, shapes), random_inputs(spec, shapes)});
  }

  void compute_wanted() {
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      TensorFile net = cases_[i].weights, inputs;
      net.metadata["net"] = net_to_json(cases_[i].spec);
      for (std::size_t j = 0; j < cases_[i].inputs.size(); ++j)
        inputs.tensors[cases_[i].spec.inputs[j].name] = cases_[i].inputs[j];
      write_safetensors(fmt::format("{}/net{}", folder_, i), net);
      write_safetensors(fmt::format("{}/inputs{}", folder_, i), inputs);
    }
    const std::string walker = read_file(SFUMATO_SOURCE_DIR "/tests/torch_walker.py", 1 << 20);
    ASSERT_TRUE(run_python(folder_, walker, std::to_string(cases_.size())));
  }

  // The largest difference of a case's outputs over the largest wanted value.
  double difference(std::size_t i, bool exact) {
    const Case& c = cases_[i];
    const TensorFile wanted = read_safetensors(fmt::format("{}/wanted{}", folder_, i));
    NetEngine engine(c.spec, c.weights, c.shapes, {.threads = 1, .exact = exact});
    engine.run(c.inputs);  // a second run must not depend on the first
    const std::vector<Tensor> got = engine.run(c.inputs);
    double largest = 0;
    for (std::size_t j = 0; j < got.size(); ++j) {
      const Tensor& want = wanted.get(fmt::format("out{}", j));
      EXPECT_EQ(got[j].shape, want.shape) << c.spec.name;
      double away = 0, size = 1e-3;
      for (std::size_t k = 0; k < want.values.size() && k < got[j].values.size(); ++k) {
        const double d = std::abs(static_cast<double>(got[j].values[k]) - want.values[k]);
        away = std::isnan(d) ? INFINITY : std::max(away, d);
        size = std::max(size, std::abs(static_cast<double>(want.values[k])));
      }
      largest = std::max(largest, away / size);
    }
    return largest;
  }

  std::string folder_;
  std::vector<Case> cases_;
};

}  // namespace sfumato
