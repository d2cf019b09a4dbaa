// SPDX-License-Identifier: Apache-2.0
// The printing lane: evaluating an operation on it writes GLSL ES 3.00, one temporary per step.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

// Collects the statements of the function being printed.
class GlslBody {
 public:
  static GlslBody& current();
  // Declares a temporary of this type and value; returns its name.
  std::string let(const std::string& type, const std::string& value);
  std::string text;

 private:
  int count_ = 0;
};

std::string glsl_literal(float v);

struct Glsl {
  std::string text;  // a name or a literal

  Glsl() = default;
  Glsl(float v) : text(glsl_literal(v)) {}
  static Glsl named(std::string name) {
    Glsl g;
    g.text = std::move(name);
    return g;
  }
  static Glsl let(const std::string& value) { return named(GlslBody::current().let("float", value)); }

  friend Glsl operator+(const Glsl& a, const Glsl& b) { return let(a.text + " + " + b.text); }
  friend Glsl operator-(const Glsl& a, const Glsl& b) { return let(a.text + " - " + b.text); }
  friend Glsl operator*(const Glsl& a, const Glsl& b) { return let(a.text + " * " + b.text); }
  friend Glsl operator/(const Glsl& a, const Glsl& b) { return let(a.text + " / " + b.text); }
};

struct GlslMask {
  std::string text;
};

inline GlslMask operator<(const Glsl& a, const Glsl& b) {
  return {GlslBody::current().let("bool", a.text + " < " + b.text)};
}
inline Glsl select(const GlslMask& m, const Glsl& yes, const Glsl& no) {
  return Glsl::let(m.text + " ? " + yes.text + " : " + no.text);
}

inline Glsl glsl_call(const char* f, const Glsl& a) { return Glsl::let(std::string(f) + "(" + a.text + ")"); }
inline Glsl glsl_call(const char* f, const Glsl& a, const Glsl& b) {
  return Glsl::let(std::string(f) + "(" + a.text + ", " + b.text + ")");
}
inline Glsl min(const Glsl& a, const Glsl& b) { return glsl_call("min", a, b); }
inline Glsl max(const Glsl& a, const Glsl& b) { return glsl_call("max", a, b); }
inline Glsl abs(const Glsl& a) { return glsl_call("abs", a); }
inline Glsl floor(const Glsl& a) { return glsl_call("floor", a); }
inline Glsl sqrt(const Glsl& a) { return glsl_call("sqrt", a); }
inline Glsl exp2(const Glsl& a) { return glsl_call("exp2", a); }
inline Glsl log2(const Glsl& a) { return glsl_call("log2", a); }
inline Glsl atan2(const Glsl& y, const Glsl& x) { return glsl_call("atan", y, x); }

// eight points into coefficients named array[i], array[i + 1] ...
Glsl pick8(const Glsl* eight, const Glsl& index);
Glsl pick8(const float* eight, const Glsl& index);
NoiseTriangle<Glsl> noise_triangle(std::uint32_t seed, const Glsl& x, const Glsl& y, const GlslMask& x_first);
Rgb<Glsl> table3(const void* table, const Rgb<Glsl>& c);

// Functions that the printed text calls: noise and the tetrahedral lookup.
std::string glsl_prelude();

}  // namespace SFM_ISA
}  // namespace sfumato
