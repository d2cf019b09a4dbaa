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

template <class... Op>
struct Preparers {
  static constexpr std::vector<float> (*entries[])(std::span<const float>){prepare_one<Op>...};
};
using AllPreparers = Preparers<SFM_ALL_OPS>;

}  // namespace

std::vector<float> prepare_op(int index, std::span<const float> knobs) {
  return AllPreparers::entries[index](knobs);
}

}  // namespace sfumato
