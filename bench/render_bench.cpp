// SPDX-License-Identifier: Apache-2.0
// The renderer in memory: each operation, each conversion and whole plans, per instruction set; Mpix/s.
#include <atomic>
#include <cstring>

#include <benchmark/benchmark.h>

#include "base/threads.h"
#include "lane/isa.h"
#include "look/values.h"
#include "ops/prepare.h"
#include "render/engine.h"
#include "render/kernels.h"

namespace sfumato {
namespace {

std::shared_ptr<const CubeTable> cube33() {
  static const std::shared_ptr<const CubeTable> cube = [] {
    auto t = std::make_shared<CubeTable>();
    t->size = 33;
    for (float& s : t->scale) s = 32.0f;
    for (int i = 0; i < 33 * 33 * 33; ++i)
      for (const float v : {(i % 33) / 32.0f, (i / 33 % 33) / 40.0f, (i / 1089) / 36.0f, 0.0f}) t->nodes.push_back(v);
    return t;
  }();
  return cube;
}

// A step with its dialed knobs a fifth of the way up.
LookStep busy_step(const OpInfo& op) {
  LookStep step = initial_step(op);
  int i = 0;
  for (const Knob& k : op.knobs)
    for (int j = 0; j < k.count; ++j) step.values[i++] = KnobValue::fixed(k.neutral + (k.max - k.neutral) * 0.2f);
  if (op.card.resource) step.table = cube33();
  return step;
}

Look look_of(std::initializer_list<const char*> ops) {
  Look look;
  for (const char* id : ops) look.steps.push_back(busy_step(*find_op(id)));
  return look;
}

void fill(Picture& p) {
  std::uint32_t h = 1;
  if (p.sample() == Sample::f32) {
    for (std::size_t i = 0; i < p.sample_count(); ++i) p.samples<float>()[i] = static_cast<float>((h = h * 1664525u + 1013904223u) >> 8) * 0x1p-24f;
  } else {
    auto* bytes = p.samples<std::uint8_t>();
    for (std::size_t i = 0; i < p.bytes().size(); ++i) bytes[i] = static_cast<std::uint8_t>((h = h * 1664525u + 1013904223u) >> 24);
  }
}

constexpr int width = 6000, height = 4000, threads = 2;

void run_plan(benchmark::State& state, const Look& look, Sample sample, Isa isa) {
  Picture in(width, height, sample), out(width, height, sample);
  fill(in);
  const View from = std::as_const(in).view();
  const MutableView to = out.view();
  for (auto _ : state) {
    Engine engine(Plan(look), width, height, true, isa);
    engine.prepare([&](int y0, int y1, const Engine::Use& use) { use(from.rows(y0, y1)); }, threads);
    parallel_for((height + 63) / 64, threads, [&](int i) {
      const int y0 = i * 64, y1 = std::min(height, y0 + 64);
      engine.render_band(from.rows(std::max(0, y0 - engine.halo()), std::min(height, y1 + engine.halo())), y0, y1, to.rows(y0, y1));
    });
  }
  state.counters["Mpix/s"] = benchmark::Counter(1e-6 * width * height, benchmark::Counter::kIsIterationInvariantRate);
}

void run_kernel(benchmark::State& state, int op, Isa isa) {
  const LookStep step = busy_step(catalog()[op]);
  std::vector<float> knobs;
  for (const KnobValue& v : step.values) knobs.push_back(v.preset);
  const std::vector<float> coeffs = prepare_op(op, knobs);
  const Kernels& k = kernels<Kernels>(isa);
  AlignedFloats in(3 * strip_pixels), work(3 * strip_pixels);
  for (int i = 0; i < 3 * strip_pixels; ++i) in.data()[i] = static_cast<float>(i % 97) / 97.0f;
  const Strip s{{work.data(), work.data() + strip_pixels, work.data() + 2 * strip_pixels}};
  int y = 0;
  for (auto _ : state) {
    std::memcpy(work.data(), in.data(), sizeof(float) * 3 * strip_pixels);
    k.ops[op].point(s, strip_pixels, {0, y++ % height, width, height}, coeffs.data(), step.table.get());
    benchmark::ClobberMemory();
  }
  state.counters["Mpix/s"] = benchmark::Counter(1e-6 * strip_pixels, benchmark::Counter::kIsIterationInvariantRate);
}

void register_all() {
  struct NamedLook { const char* name; Look look; };
  const NamedLook plans[]{
      {"six_ops_with_cube", look_of({"exposure", "color_matrix", "vignette", "tone_curve", "lut3d", "grain"})},
      {"six_ops_no_cube", look_of({"exposure", "color_matrix", "vignette", "saturation", "tone_curve", "split_tone"})},
      {"five_ops_with_grain", look_of({"exposure", "color_matrix", "vignette", "tone_curve", "grain"})},
      {"classic_chrome", find_look("classic-chrome")},
      {"tilt_shift_sigma_40px", [] { Look l = look_of({"tilt_shift"}); set_knob(l, "tilt_shift.sigma=5.547"); return l; }()},
  };
  const std::pair<const char*, Sample> samples[]{{"u8", Sample::u8}, {"u16", Sample::u16}, {"f32", Sample::f32}};
  for (Isa isa : available_isas()) {
    const std::string set(name_of(isa));
    for (const NamedLook& plan : plans)
      for (const auto& [type, sample] : samples)
        benchmark::RegisterBenchmark(("plan/" + std::string(plan.name) + "/" + type + "/" + set).c_str(), run_plan, plan.look, sample, isa)
            ->Unit(benchmark::kMillisecond)->UseRealTime();
    for (int op = 0; op < static_cast<int>(catalog().size()); ++op)
      benchmark::RegisterBenchmark(("op/" + std::string(catalog()[op].card.id) + "/" + set).c_str(), run_kernel, op, isa);
  }
}

}  // namespace
}  // namespace sfumato

int main(int argc, char** argv) {
  sfumato::register_all();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
