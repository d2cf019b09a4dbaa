// SPDX-License-Identifier: Apache-2.0
// The renderer in memory: each operation, each conversion and whole plans, per instruction set; Mpix/s.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstring>

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

// As smooth as photos are, with a little noise: neighbors share cells of a table.
float photo_like(int x, int y, int c) {
  const float wave = std::sin(static_cast<float>(x) * 0.004f + static_cast<float>(c)) *
                     std::cos(static_cast<float>(y) * 0.003f - static_cast<float>(c) * 0.7f);
  const std::uint32_t h =
      (static_cast<std::uint32_t>(x) * 2654435761u ^ static_cast<std::uint32_t>(y) * 40503u) * 2246822519u +
      static_cast<std::uint32_t>(c) * 977u;
  return std::clamp(0.5f + 0.42f * wave + static_cast<float>(h >> 24) * 0.0002f, 0.0f, 1.0f);
}

void fill(Picture& p) {
  for (int y = 0; y < p.height(); ++y)
    for (int x = 0; x < p.width(); ++x)
      for (int c = 0; c < 3; ++c) {
        const std::size_t i = (static_cast<std::size_t>(y) * p.width() + x) * 3 + c;
        const float v = photo_like(x, y, c);
        if (p.sample() == Sample::u8) p.samples<std::uint8_t>()[i] = static_cast<std::uint8_t>(v * 255.0f);
        if (p.sample() == Sample::u16) p.samples<std::uint16_t>()[i] = static_cast<std::uint16_t>(v * 65535.0f);
        if (p.sample() == Sample::f32) p.samples<float>()[i] = v;
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
      engine.render_band(from.rows(std::max(0, y0 - engine.halo()), std::min(height, y1 + engine.halo())), y0, y1,
                         to.rows(y0, y1));
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
  struct NamedLook {
    const char* name;
    Look look;
  };
  const NamedLook plans[]{
      {"six_ops_with_cube", look_of({"exposure", "color_matrix", "vignette", "tone_curve", "lut3d", "grain"})},
      {"same_without_cube", look_of({"exposure", "color_matrix", "vignette", "tone_curve", "grain"})},
      {"six_ops_of_color", look_of({"exposure", "color_matrix", "vignette", "saturation", "split_tone", "tone_curve"})},
      {"classic_chrome", find_look("classic-chrome")},
      {"tilt_shift_sigma_40px",
       [] {
         Look l = look_of({"tilt_shift"});
         set_knob(l, "tilt_shift.sigma=5.547");
         return l;
       }()},
  };
  const std::pair<const char*, Sample> samples[]{{"u8", Sample::u8}, {"u16", Sample::u16}, {"f32", Sample::f32}};
  for (Isa isa : available_isas()) {
    const std::string set(name_of(isa));
    for (const NamedLook& plan : plans)
      for (const auto& [type, sample] : samples)
        benchmark::RegisterBenchmark(("plan/" + std::string(plan.name) + "/" + type + "/" + set).c_str(), run_plan,
                                     plan.look, sample, isa)
            ->Unit(benchmark::kMillisecond)
            ->MeasureProcessCPUTime()
            ->UseRealTime();
    for (int op = 0; op < static_cast<int>(catalog().size()); ++op)
      benchmark::RegisterBenchmark(("op/" + std::string(catalog()[op].card.id) + "/" + set).c_str(), run_kernel, op,
                                   isa);
  }
}

}  // namespace
}  // namespace sfumato

int main(int argc, char** argv) {
  sfumato::register_all();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
