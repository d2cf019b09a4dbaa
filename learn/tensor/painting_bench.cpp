// SPDX-License-Identifier: Apache-2.0
// Painting networks on a picture of 852 x 480: this program's engine beside LibTorch's eager mode with the same
// weights. "dB": the peak signal-to-noise ratio of the picture to LibTorch's in 32-bit numbers.
#include <benchmark/benchmark.h>

#include <cmath>
#include <thread>

#include "net/engine.h"
#include "net/nets.h"
#include "tensor/device.h"
#include "tensor/net.h"

namespace sfumato {
namespace {

constexpr int width = 852, height = 480;

// Waves of several lengths, and fresh weights that keep the picture within its range.
struct Case {
  TensorNet net;
  torch::Tensor picture;
  TensorFile weights;

  explicit Case(float share) : net(johnson({.width = share}), 1), picture(torch::empty({1, 3, height, width})) {
    float* to = picture.data_ptr<float>();
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
          *to++ = 0.5f + 0.25f * std::sin(0.05f * static_cast<float>((c + 1) * x + y)) +
                  0.2f * std::cos(0.7f * static_cast<float>(x - (c + 1) * y));
    net.set({{"out.weight", net.parameters().at("out.weight") * 0.2}});
    weights = net.file();
    net.freeze();
  }
  torch::Tensor wanted() const { return net({{"image", picture}}).at("picture"); }
};

double decibels(const torch::Tensor& a, const torch::Tensor& b) {
  const double error = (a - b).square().mean().item<double>();
  return error > 0 ? -10 * std::log10(error) : 200;
}

void engine(benchmark::State& state, float share, bool exact) {
  torch::NoGradGuard no_grad;
  const Case c(share);
  NetEngine engine(c.net.spec(), c.weights, input_shapes(c.net.spec(), height, width), {.exact = exact});
  if (!exact && engine.is_exact()) return state.SkipWithError("this processor has no bfloat16");
  torch::Tensor result = torch::empty_like(c.picture);
  const float* from = c.picture.data_ptr<float>();
  float* to = result.data_ptr<float>();
  const auto run = [&] { engine.run(std::span(&from, 1), std::span(&to, 1)); };
  run();
  for (auto _ : state) run();
  state.counters["dB"] = decibels(result, c.wanted());
}

void eager(benchmark::State& state, float share, bool exact) {
  torch::NoGradGuard no_grad;
  torch::set_num_threads(static_cast<int>(std::thread::hardware_concurrency()));
  Case c(share);
  const torch::Tensor wanted = c.wanted();
  const torch::Dtype type = exact ? torch::kFloat : torch::kBFloat16;
  c.net.freeze(type);
  const torch::Tensor picture = c.picture.contiguous(torch::MemoryFormat::ChannelsLast);
  torch::Tensor result = c.net({{"image", picture}}, type).at("picture");
  for (auto _ : state) result = c.net({{"image", picture}}, type).at("picture");
  state.counters["dB"] = decibels(result, wanted);
}

const int registered = [] {
  for (const auto& [name, share] : {std::pair{"full", 1.0f}, std::pair{"half", 0.5f}})
    for (const bool exact : {true, false}) {
      const std::string numbers = exact ? "fp32" : "bf16";
      benchmark::RegisterBenchmark((std::string("johnson_") + name + "/" + numbers + "/engine").c_str(), engine, share,
                                   exact)
          ->Unit(benchmark::kMillisecond)
          ->UseRealTime();
      benchmark::RegisterBenchmark((std::string("johnson_") + name + "/" + numbers + "/LibTorch").c_str(), eager, share,
                                   exact)
          ->Unit(benchmark::kMillisecond)
          ->UseRealTime();
    }
  return 0;
}();

}  // namespace
}  // namespace sfumato
