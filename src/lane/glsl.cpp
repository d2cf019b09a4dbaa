// SPDX-License-Identifier: Apache-2.0
#include "lane/glsl.h"

#include <fmt/format.h>

#include "lane/hash.h"

namespace sfumato {
inline namespace SFM_ISA {

GlslBody& GlslBody::current() {
  thread_local GlslBody body;
  return body;
}

std::string GlslBody::let(const std::string& type, const std::string& value) {
  const std::string name = fmt::format("t{}", count_++);
  text += fmt::format("  {} {} = {};\n", type, name, value);
  return name;
}

std::string glsl_literal(float v) {
  // Nine digits carry every float; GLSL wants a point or an exponent.
  std::string s = fmt::format("{:.9g}", v);
  if (s.find_first_of(".e") == std::string::npos) s += ".0";
  return v < 0.0f ? "(" + s + ")" : s;
}

Glsl pick8(const Glsl* eight, const Glsl& index) {
  const std::string& first = eight[0].text;
  const auto bracket = first.find('[');
  const std::string offset = first.substr(bracket + 1, first.size() - bracket - 2);
  return Glsl::let(fmt::format("{}[{} + int(clamp({}, 0.0, 7.0))]", first.substr(0, bracket), offset, index.text));
}

Glsl pick8(const float* eight, const Glsl& index) {
  std::string values;
  for (int i = 0; i < 8; ++i) values += (i ? ", " : "") + glsl_literal(eight[i]);
  const std::string i = GlslBody::current().let("int", fmt::format("int(clamp({}, 0.0, 7.0))", index.text));
  return Glsl::let(fmt::format("float[8]({})[{}]", values, i));
}

NoiseTriangle<Glsl> noise_triangle(std::uint32_t seed, const Glsl& x, const Glsl& y, const GlslMask& x_first) {
  auto corner = [&](const std::string& dx, const std::string& dy) {
    const std::string v = GlslBody::current().let(
        "vec3", fmt::format("lattice_noise({}u, int({}) + {}, int({}) + {})", seed, x.text, dx, y.text, dy));
    return NoiseTriangle<Glsl>::Corner{Glsl::named(v + ".x"), Glsl::named(v + ".y"), Glsl::named(v + ".z")};
  };
  const std::string along_x = fmt::format("int({})", x_first.text);
  return {corner("0", "0"), corner(along_x, "1 - " + along_x), corner("1", "1")};
}

Rgb<Glsl> table3(const void*, const Rgb<Glsl>& c) {
  const std::string v =
      GlslBody::current().let("vec3", fmt::format("look_up(vec3({}, {}, {}))", c.r.text, c.g.text, c.b.text));
  return {Glsl::named(v + ".x"), Glsl::named(v + ".y"), Glsl::named(v + ".z")};
}

std::string glsl_prelude() {
  return fmt::format(R"(// Where a pixel is: origin at the center of the picture, corners at radius 1, y downward.
struct Site {{ float x, y, half_width, half_height, pixel; }};

vec3 lattice_noise(uint seed, int x, int y) {{
  uint h = uint(x) * {}u + uint(y) * {}u + seed;
  h = (h ^ (h >> {})) * {}u;
  h = h ^ (h >> {});
  return vec3(float(int(h)), float(int(h << 11)), float(int(h << 22)));
}}

)",
                     HashConstants::x, HashConstants::y, HashConstants::first_shift, HashConstants::multiplier,
                     HashConstants::last_shift);
}

}  // namespace SFM_ISA
}  // namespace sfumato
