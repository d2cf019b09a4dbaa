// SPDX-License-Identifier: Apache-2.0
#include "net/engine.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/openmp_threads.h"
#include "net/compiler.h"
#include "net/program.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

bool has_bfloat16() {
  const auto has = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto needed = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  return (has & needed) == needed;
}

Tensor tensor_of(const Shape& s) {
  return {{s.n, s.c, s.h, s.w}, std::vector<float>(static_cast<std::size_t>(s.count()))};
}

// oneDNN's own failures are lack of memory or our mistakes.
template <class Action>
void translated(const NetSpec& spec, const Action& action) {
  try {
    action();
  } catch (const dnnl::error& e) {
    const bool memory = e.status == dnnl_out_of_memory;
    throw Error(memory ? Code::resource : Code::bug, fmt::format("net \"{}\": oneDNN: {}", spec.name, e.what()));
  } catch (const std::bad_alloc&) {
    throw Error(Code::resource, fmt::format("net \"{}\": found no memory; take a smaller picture", spec.name));
  }
}

}  // namespace

struct NetEngine::State {
  NetSpec spec;
  Shapes shapes;
  NetEngineOptions options;
  bool exact = true;
  std::vector<Shape> input_shapes, output_shapes;
  std::vector<const float*> inputs;
  std::vector<float*> outputs;
  Program program;
};

NetEngine::NetEngine(const NetSpec& spec, const TensorFile& weights, const Shapes& inputs,
                     const NetEngineOptions& options)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.spec = spec;
  state.options = options;
  state.exact = options.exact || !has_bfloat16();
  state.shapes = infer_shapes(spec, inputs);
  check_weights(spec, state.shapes, weights);
  for (const NetInput& input : spec.inputs) state.input_shapes.push_back(state.shapes.at(input.name));
  for (const std::string& output : spec.outputs) state.output_shapes.push_back(state.shapes.at(output));
  state.inputs.resize(spec.inputs.size());
  state.outputs.resize(spec.outputs.size());
  const OpenMpThreads bound(options.threads);
  translated(state.spec, [&] {
    NetCompiler(state.spec, state.shapes, weights, state.exact, state.program).compile(state.inputs, state.outputs);
    state.program.place();
  });
}

NetEngine::~NetEngine() = default;
NetEngine::NetEngine(NetEngine&&) noexcept = default;

void NetEngine::run(std::span<const float* const> inputs, std::span<float* const> outputs) {
  State& state = *state_;
  if (inputs.size() != state.inputs.size() || outputs.size() != state.outputs.size())
    throw Error(Code::bug, fmt::format("net \"{}\": {} inputs and {} outputs given", state.spec.name, inputs.size(),
                                       outputs.size()));
  std::copy(inputs.begin(), inputs.end(), state.inputs.begin());
  std::copy(outputs.begin(), outputs.end(), state.outputs.begin());
  const OpenMpThreads bound(state.options.threads);
  translated(state.spec, [&] { state.program.run(); });
}

std::vector<Tensor> NetEngine::run(const std::vector<Tensor>& inputs) {
  std::vector<const float*> from;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (i >= state_->input_shapes.size() ||
        inputs[i].values.size() != static_cast<std::size_t>(state_->input_shapes[i].count()))
      throw Error(Code::bug,
                  fmt::format("net \"{}\": input {} of another size than compiled for", state_->spec.name, i));
    from.push_back(inputs[i].values.data());
  }
  std::vector<Tensor> results;
  std::vector<float*> to;
  for (const Shape& shape : state_->output_shapes) results.push_back(tensor_of(shape));
  for (Tensor& result : results) to.push_back(result.values.data());
  run(from, to);
  return results;
}

const std::vector<Shape>& NetEngine::output_shapes() const { return state_->output_shapes; }
bool NetEngine::is_exact() const { return state_->exact; }
std::size_t NetEngine::buffer_bytes() const { return state_->program.buffer_bytes(); }

}  // namespace sfumato
