// SPDX-License-Identifier: Apache-2.0
#include "ops/prepare.h"

#include "lane/scalar.h"
#include "ops_list.h"

namespace sfumato {
namespace {

template <class Op>
std::vector<float> prepare_one(std::span<const float> knobs) {
  double values[value_count<Op>()];
  for (int i = 0; i < value_count<Op>(); ++i) values[i] = knobs[i];
  const auto k = Op::prepare(static_cast<const double*>(values));
  std::vector<float> out(k.size);
  for (int i = 0; i < k.size; ++i) out[i] = static_cast<float>(k[i]);
  return out;
}

template <class Op>
std::pair<float, float> sigma_range_one([[maybe_unused]] std::span<const float> coeffs) {
  if constexpr (CanvasOp<Op>) {
    CoeffsOf<Op, float> k;
    for (int i = 0; i < k.size; ++i) k[i] = coeffs[i];
    const auto range = Op::sigma_range(k);
    return {range[0], range[1]};
  }
  return {0.0f, 0.0f};
}

template <class... Op>
struct Preparers {
  static constexpr std::vector<float> (*entries[])(std::span<const float>){prepare_one<Op>...};
  static constexpr std::pair<float, float> (*sigma_ranges[])(std::span<const float>){sigma_range_one<Op>...};
};
using AllPreparers = Preparers<SFM_ALL_OPS>;

}  // namespace

std::vector<float> prepare_op(int index, std::span<const float> knobs) { return AllPreparers::entries[index](knobs); }

std::pair<float, float> sigma_range_op(int index, std::span<const float> coeffs) {
  return AllPreparers::sigma_ranges[index](coeffs);
}

}  // namespace sfumato
