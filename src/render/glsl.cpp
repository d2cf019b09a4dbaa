// SPDX-License-Identifier: Apache-2.0
#include "render/glsl.h"

#include <fmt/format.h>

#include "color/space.h"
#include "lane/glsl.h"
#include "ops/prepare.h"
#include "ops_list.h"
#include "render/plan.h"

namespace sfumato {
namespace {

using Color = Rgb<Glsl>;

// vec3 NAME(vec3 c, Site at), whose body is what `write` evaluates.
template <class Write>
std::string print_function(const std::string& name, const Write& write) {
  GlslBody::current() = {};
  const Color in{Glsl::named("c.x"), Glsl::named("c.y"), Glsl::named("c.z")};
  const Color out = write(in);
  return fmt::format("vec3 {}(vec3 c, Site at) {{\n{}  return vec3({}, {}, {});\n}}\n\n", name,
                     GlslBody::current().text, out.r.text, out.g.text, out.b.text);
}

Site<Glsl> site() {
  auto part = [](const char* name) { return Glsl::named(std::string("at.") + name); };
  return {part("x"), part("y"), part("half_width"), part("half_height"), part("pixel"), nullptr};
}

template <class Op>
Color write_op([[maybe_unused]] const Color& c, [[maybe_unused]] const std::string& array) {
  if constexpr (CanvasOp<Op>) {
    return c;
  } else {
    CoeffsOf<Op, Glsl> k;
    for (int i = 0; i < k.size; ++i) k[i] = Glsl::named(fmt::format("{}[{}]", array, i));
    return Op::apply(c, site(), k);
  }
}

template <class... Op>
struct Writers {
  static constexpr Color (*entries[])(const Color&, const std::string&){write_op<Op>...};
};
using AllWriters = Writers<SFM_ALL_OPS>;

std::string print_array(const std::string& name, const std::vector<float>& values) {
  std::string list;
  for (float v : values) list += (list.empty() ? "" : ", ") + glsl_literal(v);
  return fmt::format("const float {}[{}] = float[{}]({});\n", name, values.size(), values.size(), list);
}

// The tetrahedral lookup of table `index`.
std::string print_table(int index, const CubeTable& t) {
  return fmt::format(R"(uniform highp sampler3D table{0};  // {1}^3
vec3 look_up{0}(vec3 c) {{
  vec3 p = clamp((c - vec3({2}, {3}, {4})) * vec3({5}, {6}, {7}), 0.0, {8}.0);
  ivec3 i = ivec3(min(floor(p), vec3({9}.0)));
  vec3 f = p - vec3(i);
  float high = max(max(f.x, f.y), f.z), low = min(min(f.x, f.y), f.z), middle = f.x + f.y + f.z - high - low;
  ivec3 a = f.x == high ? ivec3(1, 0, 0) : f.y == high ? ivec3(0, 1, 0) : ivec3(0, 0, 1);
  ivec3 b = ivec3(1) - (f.z == low ? ivec3(0, 0, 1) : f.y == low ? ivec3(0, 1, 0) : ivec3(1, 0, 0));
  return texelFetch(table{0}, i, 0).rgb * (1.0 - high) + texelFetch(table{0}, i + a, 0).rgb * (high - middle) +
         texelFetch(table{0}, i + b, 0).rgb * (middle - low) + texelFetch(table{0}, i + 1, 0).rgb * low;
}}

)",
                     index, t.size, glsl_literal(t.low[0]), glsl_literal(t.low[1]), glsl_literal(t.low[2]),
                     glsl_literal(t.scale[0]), glsl_literal(t.scale[1]), glsl_literal(t.scale[2]), t.size - 1,
                     t.size - 2);
}

}  // namespace

GlslLook print_glsl(const Look& look) {
  GlslLook result;
  const Plan plan(look);
  for (const CanvasStep& canvas : plan.steps().canvases) result.not_carried.push_back(catalog()[canvas.op].card.id);

  std::string calls;
  result.text = fmt::format("// {}. Precision: highp float and int.\n\n", look.title) + glsl_prelude();
  int number = 0;
  for (const auto& stage : plan.steps().stages)
    for (const PointStep& step : stage) {
      if (step.weight >= 0) {
        result.not_carried.push_back(catalog()[step.op].card.id);
        continue;
      }
      // A table behind curves would need a second kind of texture.
      if (step.table && step.table->has_shaper()) {
        result.not_carried.push_back(catalog()[step.op].card.id);
        continue;
      }
      std::string name = fmt::format("step{}", number++);
      if (step.kind == PointStep::Kind::convert) {
        result.text += print_function(name, [&](const Color& c) { return converted(step.from, step.to, c); });
      } else {
        name += fmt::format("_{}", catalog()[step.op].card.id);
        if (step.table) {
          result.text += print_table(result.tables, *step.table);
          result.text += fmt::format("#define look_up look_up{}\n", result.tables++);
        }
        result.text += print_array(name + "_k", step.coeffs);
        result.text +=
            print_function(name, [&](const Color& c) { return AllWriters::entries[step.op](c, name + "_k"); });
        if (step.table) result.text += "#undef look_up\n\n";
      }
      calls += fmt::format("  c = {}(c, at);\n", name);
    }
  result.text += fmt::format("vec3 look(vec3 c, Site at) {{\n{}  return c;\n}}\n", calls);
  return result;
}

}  // namespace sfumato
