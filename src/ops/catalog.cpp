// SPDX-License-Identifier: Apache-2.0
#include "sfumato/catalog.h"

#include "lane/scalar.h"
#include "ops_list.h"

namespace sfumato {
namespace {

template <class... Op>
struct Infos {
  static constexpr OpInfo entries[]{{Op::card, std::span<const Knob>(Op::knobs), CanvasOp<Op>, LocalOp<Op>}...};
};
using AllInfos = Infos<SFM_ALL_OPS>;

}  // namespace

std::span<const OpInfo> catalog() { return AllInfos::entries; }

const OpInfo* find_op(std::string_view id) {
  for (const OpInfo& op : catalog())
    if (id == op.card.id) return &op;
  return nullptr;
}

}  // namespace sfumato
