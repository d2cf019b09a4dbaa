// SPDX-License-Identifier: Apache-2.0
#include "tensor/ten.h"

#include "tensor/lookups.h"

namespace sfumato {
inline namespace SFM_ISA {

namespace {

// Constants take the type of the others.
torch::Tensor like(const Ten& v, const torch::Tensor& other) {
  return v.is_constant() ? torch::full({}, v.constant, other.options().requires_grad(false)) : v.t;
}

}  // namespace

Ten select(const TenMask& mask, const Ten& yes, const Ten& no) {
  if (mask.is_constant()) return mask.constant ? yes : no;
  if (yes.is_constant() && no.is_constant()) {
    const auto type = torch::get_default_dtype();
    const auto options = torch::TensorOptions(mask.t.device()).dtype(type);
    return torch::where(mask.t, torch::full({}, yes.constant, options), torch::full({}, no.constant, options));
  }
  const torch::Tensor& known = yes.is_constant() ? no.t : yes.t;
  return torch::where(mask.t, like(yes, known), like(no, known));
}

Ten min(const Ten& a, const Ten& b) {
  if (a.is_constant() && b.is_constant()) return std::min(a.constant, b.constant);
  if (a.is_constant()) return b.t.clamp_max(a.constant);
  if (b.is_constant()) return a.t.clamp_max(b.constant);
  return torch::minimum(a.t, b.t);
}

Ten max(const Ten& a, const Ten& b) {
  if (a.is_constant() && b.is_constant()) return std::max(a.constant, b.constant);
  if (a.is_constant()) return b.t.clamp_min(a.constant);
  if (b.is_constant()) return a.t.clamp_min(b.constant);
  return torch::maximum(a.t, b.t);
}

Ten sqrt(const Ten& v) {
  if (v.is_constant()) return std::sqrt(v.constant);
  return torch::where(v.t > 0, v.t.clamp_min(1e-30).sqrt(), torch::zeros_like(v.t));
}

Ten atan2(const Ten& y, const Ten& x) {
  if (y.is_constant() && x.is_constant()) return std::atan2(y.constant, x.constant);
  const torch::Tensor& known = y.is_constant() ? x.t : y.t;
  const torch::Tensor ty = like(y, known), tx = like(x, known);
  const torch::Tensor at_origin = ty * ty + tx * tx < 1e-24;
  return torch::atan2(ty, torch::where(at_origin, tx + 1e-12, tx));
}

Ten pick8(const float* eight, const Ten& index) {
  Ten constants[8];
  for (int i = 0; i < 8; ++i) constants[i] = Ten(eight[i]);
  return pick8(constants, index);
}

Ten pick8(const Ten* eight, const Ten& index) {
  if (index.is_constant()) return eight[std::clamp(static_cast<int>(index.constant), 0, 7)];
  std::vector<torch::Tensor> entries;
  torch::Tensor known = index.t;
  for (int i = 0; i < 8; ++i)
    if (!eight[i].is_constant()) known = eight[i].t;
  for (int i = 0; i < 8; ++i) entries.push_back(like(eight[i], known));
  return pick(torch::stack(torch::broadcast_tensors(entries)), index.t);
}

}  // namespace SFM_ISA
}  // namespace sfumato
