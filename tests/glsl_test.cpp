// SPDX-License-Identifier: Apache-2.0
// The printed GLSL is valid, and computes what the renderer computes: its text is compiled as C++ and run.
#include "render/glsl.h"

#include <cmath>
#include <regex>
#include <utility>

#include "lane/cube.h"
#include "look/values.h"
#include "program.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

constexpr int width = 64, height = 48;

// What GLSL has and C++ lacks.
constexpr const char* glsl_in_cpp = R"(
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>
typedef unsigned uint;
struct vec2 { float x, y; };
struct vec3 { float x, y, z; vec3(float a, float b, float c) : x(a), y(b), z(c) {} };
template <class... F> static std::array<float, sizeof...(F)> floats(F... f) { return {float(f)...}; }
static vec2 operator*(vec2 a, float s) { return {a.x * s, a.y * s}; }
static vec2 operator+(vec2 a, float s) { return {a.x + s, a.y + s}; }
static float min(float a, float b) { return a < b ? a : b; }
static float max(float a, float b) { return a > b ? a : b; }
static float clamp(float v, float a, float b) { return min(max(v, a), b); }
static float abs(float v) { return std::fabs(v); }
static float floor(float v) { return std::floor(v); }
static float sqrt(float v) { return std::sqrt(v); }
static float exp2(float v) { return std::exp2(v); }
static float log2(float v) { return std::log2(v); }
static float atan(float y, float x) { return std::atan2(y, x); }
)";

constexpr const char* driver = R"(
int main(int, char** argv) {
  const int w = 64, h = 48;
  std::vector<float> p(3 * w * h);
  FILE* f = std::fopen(argv[1], "rb");
  if (std::fread(p.data(), 4, p.size(), f) != p.size()) return 1;
  std::fclose(f);
  const float unit = 2.0f / std::sqrt(float(w * w + h * h));
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      float* c = &p[3 * (y * w + x)];
      vec3 r = look(vec3(c[0], c[1], c[2]), Site{(x + 0.5f - 0.5f * w) * unit, (y + 0.5f - 0.5f * h) * unit, 0.5f * w * unit, 0.5f * h * unit, unit});
      c[0] = r.x, c[1] = r.y, c[2] = r.z;
    }
  f = std::fopen(argv[2], "wb");
  std::fwrite(p.data(), 4, p.size(), f);
  std::fclose(f);
}
)";

Look every_point_op() {
  Look look;
  look.title = "Every operation";
  for (const OpInfo& op : catalog()) {
    if (op.is_canvas || op.card.resource) continue;
    LookStep step = initial_step(op);
    int i = 0;
    for (const Knob& k : op.knobs)
      for (int j = 0; j < k.count; ++j, ++i)
        step.values[i] = KnobValue::fixed(k.neutral + (k.max - k.neutral) * (k.count > 1 ? 0.03f : 0.15f));
    look.steps.push_back(step);
  }
  return look;
}

using Glsl = ProgramTest;

TEST_F(Glsl, ComputesWhatTheRendererComputes) {
  const GlslLook glsl = print_glsl(every_point_op());
  // Array constructors become calls.
  std::string text = std::regex_replace(glsl.text, std::regex("float\\[\\d+\\]\\("), "floats(");
  text = std::regex_replace(text, std::regex("const float (\\w+)\\[\\d+\\]"), "const auto $1");
  spill(folder / "look.cpp", glsl_in_cpp + text + driver);
  const Result compiled = shell("g++ -w -std=c++20 -O1 look.cpp -o look");
  ASSERT_EQ(0, compiled.code) << compiled.err.substr(0, 2000);

  Picture in(width, height, Sample::f32), want(width, height, Sample::f32);
  for (std::size_t i = 0; i < in.sample_count(); ++i)
    in.samples<float>()[i] = static_cast<float>((i * 2654435761u >> 8) % 1000) / 1000.0f;
  render(Plan(every_point_op()), std::as_const(in).view(), want.view());
  spill(folder / "in", std::string(reinterpret_cast<const char*>(in.bytes().data()), in.bytes().size()));
  ASSERT_EQ(0, shell("./look in out").code);
  const std::string out = slurp(folder / "out");
  ASSERT_EQ(in.bytes().size(), out.size());
  double worst = 0;
  for (std::size_t i = 0; i < in.sample_count(); ++i)
    worst =
        std::max(worst, double(std::fabs(reinterpret_cast<const float*>(out.data())[i] - want.samples<float>()[i])));
  EXPECT_LT(worst, 1e-4);
}

TEST_F(Glsl, IsValidForEveryBuiltInLook) {
  for (const Look& look : builtin_looks())
    for (const GlslNumbers numbers : {GlslNumbers::constants, GlslNumbers::uniforms}) {
      spill(folder / "look.frag",
            "#version 300 es\nprecision highp float;\nprecision highp int;\nprecision highp sampler3D;\nin vec3 "
            "color;\nout vec4 result;\n" +
                print_glsl(for_any_photo(look), numbers).text +
                "void main() { result = vec4(look(color, Site(0.0, 0.0, 0.8, 0.6, 0.001)), 1.0); }\n");
      const Result r = shell("glslangValidator look.frag");
      EXPECT_EQ(0, r.code) << look.id << ": " << r.out.substr(0, 1000);
    }
}

TEST_F(Glsl, KeepsItsTextWhileKnobsMove) {
  Look look = every_point_op();
  const GlslLook before = print_glsl(look, GlslNumbers::uniforms);
  for (LookStep& step : look.steps)
    for (KnobValue& v : step.values) v = KnobValue::fixed(v.preset * 0.75f);
  const GlslLook after = print_glsl(look, GlslNumbers::uniforms);
  EXPECT_EQ(before.text, after.text);
  EXPECT_EQ(before.coefficients.size(), after.coefficients.size());
  EXPECT_NE(before.coefficients, after.coefficients);
}

TEST_F(Glsl, LooksUpTables) {
  Look look;
  LookStep step = initial_step(*find_op("lut3d"));
  auto table = std::make_shared<CubeTable>();
  table->nodes.assign(32, 0.5f);
  step.table = table;
  look.steps.push_back(step);
  const GlslLook glsl = print_glsl(look);
  EXPECT_EQ(1u, glsl.tables.size());
  spill(folder / "look.frag",
        "#version 300 es\nprecision highp float;\nprecision highp int;\nout vec4 result;\n" + glsl.text +
            "void main() { result = vec4(look(vec3(0.5), Site(0.0, 0.0, 0.8, 0.6, 0.001)), 1.0); }\n");
  const Result r = shell("glslangValidator look.frag");
  EXPECT_EQ(0, r.code) << r.out;
}

}  // namespace
}  // namespace sfumato
