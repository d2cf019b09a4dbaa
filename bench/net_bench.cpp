// SPDX-License-Identifier: Apache-2.0
// Networks on pictures of a video's size: milliseconds a picture, and billions of multiplications and additions a
// second.
#include <benchmark/benchmark.h>

#include <random>

#include "net/engine.h"
#include "net/nets.h"

namespace sfumato {
namespace {

// Operations of the convolutions, counted as twice their multiplications.
double operations(const NetSpec& spec, const Shapes& shapes) {
  double sum = 0;
  for (const Node& node : spec.nodes) {
    const Shape in = shapes.at(node.inputs[0]), out = shapes.at(node.name);
    const Shape& larger = node.kind == NodeKind::conv_transposed ? in : out;
    const double kernel = static_cast<double>(node.kernel) * node.kernel / node.groups;
    if (node.kind == NodeKind::conv || node.kind == NodeKind::conv_transposed)
      sum += 2 * kernel * static_cast<double>(in.c * out.c * larger.h * larger.w);
  }
  return sum;
}

TensorFile noise_weights(const NetSpec& spec, const Shapes& shapes) {
  TensorFile file;
  std::minstd_rand random(1);
  std::uniform_real_distribution<float> noise(-0.05f, 0.05f);
  for (const NetParameter& parameter : parameters_of(spec, shapes)) {
    std::size_t count = 1;
    for (const std::int64_t side : parameter.shape) count *= static_cast<std::size_t>(side);
    Tensor& tensor = file.tensors[parameter.name] = {parameter.shape, std::vector<float>(count)};
    for (float& value : tensor.values) value = parameter.trained ? noise(random) : 1.0f;
  }
  return file;
}

void run_net(benchmark::State& state, const NetSpec& spec, int width, int height, bool exact) {
  const Shapes shapes = infer_shapes(spec, input_shapes(spec, height, width));
  NetEngine engine(spec, noise_weights(spec, shapes), shapes, {.exact = exact});
  if (!exact && engine.is_exact()) return state.SkipWithError("this processor has no bfloat16");
  const Shape& in = shapes.at(spec.inputs[0].name);
  const std::vector<float> picture(static_cast<std::size_t>(in.count()), 0.4f);
  std::vector<float> result(static_cast<std::size_t>(engine.output_shapes()[0].count()));
  const float* from = picture.data();
  float* to = result.data();
  engine.run(std::span(&from, 1), std::span(&to, 1));
  for (auto _ : state) engine.run(std::span(&from, 1), std::span(&to, 1));
  state.counters["ops"] = benchmark::Counter(operations(spec, shapes), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["MB"] = static_cast<double>(engine.buffer_bytes()) / 1e6;
}

void register_nets() {
  struct Net {
    const char* name;
    NetSpec spec;
  };
  const Net nets[] = {{"johnson", johnson()},
                      {"johnson_half", johnson({.width = 0.5f})},
                      {"johnson_transposed", johnson(lengstrom_options())},
                      {"vgg19_conv5_1", up_to(vgg(), {"conv5_1"})}};
  for (const Net& net : nets)
    for (const bool exact : {true, false})
      benchmark::RegisterBenchmark(
          ("net/" + std::string(net.name) + (exact ? "/852x480/fp32" : "/852x480/bf16")).c_str(),
          [spec = net.spec, exact](benchmark::State& state) { run_net(state, spec, 852, 480, exact); })
          ->Unit(benchmark::kMillisecond)
          ->UseRealTime();
  for (const bool exact : {true, false})
    benchmark::RegisterBenchmark(exact ? "net/thumbnail_encoder/fp32" : "net/thumbnail_encoder/bf16",
                                 [exact](benchmark::State& state) { run_net(state, thumbnail_encoder(), 0, 0, exact); })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
}

const bool registered = (register_nets(), true);

}  // namespace
}  // namespace sfumato
