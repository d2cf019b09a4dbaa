// SPDX-License-Identifier: Apache-2.0
// The tensor lane: operations written for pixels, run on tensors, differentiable by autograd.
//
// A Ten is a tensor of any shape that broadcasts (pixels [B, ...], a number per picture [B, 1 ...], a map) or a plain
// constant.
#pragma once

#include <torch/torch.h>

#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

struct Ten {
  torch::Tensor t;  // undefined: the constant
  double constant = 0;

  Ten() = default;
  Ten(float v) : constant(v) {}
  Ten(double v) : constant(v) {}
  Ten(torch::Tensor v) : t(std::move(v)) {}

  bool is_constant() const { return !t.defined(); }
  // As a tensor that mixes with any other without changing its type.
  torch::Tensor tensor() const { return is_constant() ? torch::scalar_tensor(constant, torch::kDouble) : t; }
};

struct TenMask {
  torch::Tensor t;
  bool constant = false;
  bool is_constant() const { return !t.defined(); }
};

inline Ten operator+(const Ten& a, const Ten& b) {
  if (a.is_constant() && b.is_constant()) return a.constant + b.constant;
  if (a.is_constant()) return a.constant == 0 ? b : Ten(b.t + a.constant);
  if (b.is_constant()) return b.constant == 0 ? a : Ten(a.t + b.constant);
  return a.t + b.t;
}
inline Ten operator-(const Ten& a, const Ten& b) {
  if (a.is_constant() && b.is_constant()) return a.constant - b.constant;
  if (a.is_constant()) return torch::rsub(b.t, a.constant);
  if (b.is_constant()) return a.t - b.constant;
  return a.t - b.t;
}
inline Ten operator*(const Ten& a, const Ten& b) {
  if (a.is_constant() && b.is_constant()) return a.constant * b.constant;
  if (a.is_constant()) return a.constant == 1 ? b : Ten(b.t * a.constant);
  if (b.is_constant()) return b.constant == 1 ? a : Ten(a.t * b.constant);
  return a.t * b.t;
}
inline Ten operator/(const Ten& a, const Ten& b) {
  if (a.is_constant() && b.is_constant()) return a.constant / b.constant;
  if (a.is_constant()) return torch::reciprocal(b.t) * a.constant;
  if (b.is_constant()) return a.t / b.constant;
  return a.t / b.t;
}
inline TenMask operator<(const Ten& a, const Ten& b) {
  if (a.is_constant() && b.is_constant()) return {{}, a.constant < b.constant};
  if (a.is_constant()) return {b.t > a.constant};
  if (b.is_constant()) return {a.t < b.constant};
  return {a.t < b.t};
}

Ten select(const TenMask&, const Ten& yes, const Ten& no);
Ten min(const Ten&, const Ten&);
Ten max(const Ten&, const Ten&);

inline Ten abs(const Ten& v) { return v.is_constant() ? Ten(std::abs(v.constant)) : Ten(v.t.abs()); }
inline Ten floor(const Ten& v) { return v.is_constant() ? Ten(std::floor(v.constant)) : Ten(v.t.detach().floor()); }
inline Ten exp2(const Ten& v) { return v.is_constant() ? Ten(std::exp2(v.constant)) : Ten(v.t.exp2()); }
inline Ten log2(const Ten& v) { return v.is_constant() ? Ten(std::log2(v.constant)) : Ten(v.t.log2()); }
inline Ten cos(const Ten& v) { return v.is_constant() ? Ten(std::cos(v.constant)) : Ten(v.t.cos()); }
inline Ten sin(const Ten& v) { return v.is_constant() ? Ten(std::sin(v.constant)) : Ten(v.t.sin()); }
// Gradients are finite where the function has none: at 0, and at the origin.
Ten sqrt(const Ten&);
Ten atan2(const Ten& y, const Ten& x);

// eight[index] for a whole-numbered index, clamped to 0..7.
Ten pick8(const Ten* eight, const Ten& index);
Ten pick8(const float* eight, const Ten& index);

// See lane/scalar.h; no gradient.
NoiseTriangle<Ten> noise_triangle(unsigned seed, const Ten& x, const Ten& y, const TenMask& x_first);

// `table` is a TensorCube.
Rgb<Ten> table3(const void* table, const Rgb<Ten>&);

}  // namespace SFM_ISA
}  // namespace sfumato
