// SPDX-License-Identifier: Apache-2.0
#include "render/glsl.h"

#include <fmt/format.h>

#include "base/text.h"
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

// The names by which a function reads its numbers.
using Names = std::vector<std::string>;

template <class Op>
Color write_op([[maybe_unused]] const Color& c, [[maybe_unused]] const Names& numbers) {
  if constexpr (CanvasOp<Op>) {
    return c;
  } else {
    CoeffsOf<Op, Glsl> k;
    for (int i = 0; i < k.size; ++i) k[i] = Glsl::named(numbers[i]);
    return Op::apply(c, site(), k);
  }
}

template <class... Op>
struct Writers {
  static constexpr Color (*entries[])(const Color&, const Names&){write_op<Op>...};
};
using AllWriters = Writers<SFM_ALL_OPS>;

class Printer {
 public:
  explicit Printer(GlslNumbers numbers) : numbers_(numbers) {}

  GlslLook print(const Look& look) {
    const Plan plan(look);
    for (const CanvasStep& canvas : plan.steps().canvases) leave_out(canvas.op);
    for (const auto& stage : plan.steps().stages)
      for (const PointStep& step : stage) add(step);
    result_.text = fmt::format("// {}. Precision: highp float and int.\n\n", printable(look.title)) + glsl_prelude() +
                   declaration() + functions_ +
                   fmt::format("vec3 look(vec3 c, Site at) {{\n{}  return c;\n}}\n", calls_);
    return std::move(result_);
  }

 private:
  void leave_out(int op) { result_.not_carried.push_back(catalog()[op].card.id); }

  void add(const PointStep& step) {
    // A table behind curves would need a second kind of texture.
    if (step.weight >= 0 || (step.table && step.table->has_shaper())) return leave_out(step.op);
    if (!step.offsets.empty()) leave_out(step.op);  // what all pixels share is carried
    std::string name = fmt::format("step{}", count_++);
    if (step.kind == PointStep::Kind::convert) {
      functions_ += print_function(name, [&](const Color& c) { return converted(step.from, step.to, c); });
    } else {
      name += fmt::format("_{}", catalog()[step.op].card.id);
      if (step.table) {
        print_table(name, step.table);
        functions_ += fmt::format("#define look_up look_up{}\n", result_.tables.size() - 1);
      }
      const Names numbers = names_of(name + "_k", step.coeffs);
      functions_ += print_function(name, [&](const Color& c) { return AllWriters::entries[step.op](c, numbers); });
      if (step.table) functions_ += "#undef look_up\n\n";
    }
    calls_ += fmt::format("  c = {}(c, at);\n", name);
  }

  // Puts the numbers where the text finds them.
  Names names_of(const std::string& name, const std::vector<float>& values) {
    const bool are_constants = numbers_ == GlslNumbers::constants;
    const std::size_t begin = are_constants ? 0 : result_.coefficients.size();
    Names names;
    std::string list;
    for (std::size_t i = 0; i < values.size(); ++i) {
      names.push_back(fmt::format("{}[{}]", are_constants ? name : "coefficients", begin + i));
      list += (i ? ", " : "") + glsl_literal(values[i]);
    }
    if (are_constants)
      functions_ += fmt::format("const float {}[{}] = float[{}]({});\n", name, values.size(), values.size(), list);
    else
      result_.coefficients.insert(result_.coefficients.end(), values.begin(), values.end());
    return names;
  }

  std::string declaration() const {
    const std::size_t n = result_.coefficients.size();
    return n ? fmt::format("uniform float coefficients[{}];\n\n", n) : std::string();
  }

  // The tetrahedral lookup of one more table.
  void print_table(const std::string& name, const std::shared_ptr<const CubeTable>& table) {
    const CubeTable& t = *table;
    const Names n = names_of(name + "_t", {t.low[0], t.low[1], t.low[2], t.scale[0], t.scale[1], t.scale[2]});
    functions_ +=
        fmt::format(R"(uniform highp sampler3D table{0};  // {1}^3
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
                    result_.tables.size(), t.size, n[0], n[1], n[2], n[3], n[4], n[5], t.size - 1, t.size - 2);
    result_.tables.push_back(table);
  }

  const GlslNumbers numbers_;
  GlslLook result_;
  std::string functions_, calls_;
  int count_ = 0;
};

}  // namespace

GlslLook print_glsl(const Look& look, GlslNumbers numbers) { return Printer(numbers).print(look); }

}  // namespace sfumato
