// SPDX-License-Identifier: Apache-2.0
#include "net/fuse.h"

#include <algorithm>
#include <map>
#include <set>

namespace sfumato {
namespace {

bool is_activation(NodeKind kind) {
  return kind == NodeKind::relu || kind == NodeKind::leaky_relu || kind == NodeKind::tanh ||
         kind == NodeKind::sigmoid || kind == NodeKind::sqrt;
}

bool has_weights(NodeKind kind) {
  return kind == NodeKind::conv || kind == NodeKind::conv_transposed || kind == NodeKind::linear;
}

class Fuser {
 public:
  Fuser(const NetSpec& spec, const Shapes& shapes) : spec_(spec), shapes_(shapes) {
    for (const Node& node : spec.nodes)
      for (const std::string& input : node.inputs) readers_[input].push_back(&node);
    // An output has a reader outside: it must exist.
    for (const std::string& output : spec.outputs) readers_[output].push_back(nullptr);
  }

  std::vector<FusedNode> fuse() {
    std::map<const Node*, FusedNode> at_last;
    for (const Node& node : spec_.nodes) {
      if (taken_.count(&node)) continue;
      FusedNode fused{.node = &node, .output = node.name};
      const Node* last = extend(fused);
      at_last[last] = fused;
    }
    std::vector<FusedNode> order;
    for (const Node& node : spec_.nodes)
      if (const auto found = at_last.find(&node); found != at_last.end()) order.push_back(found->second);
    return order;
  }

 private:
  // The node that alone reads a value, unless another has taken it in.
  const Node* next(const std::string& value) const {
    const auto found = readers_.find(value);
    if (found == readers_.end() || found->second.size() != 1 || taken_.count(found->second[0])) return nullptr;
    return found->second[0];
  }

  void take(FusedNode& fused, const Node* node) {
    taken_.insert(node);
    fused.output = node->name;
  }

  const Node* extend(FusedNode& fused) {
    const Node* last = fused.node;
    const NodeKind kind = fused.node->kind;
    const Node* following = next(fused.output);
    const auto advance = [&] {
      take(fused, following);
      last = following;
      following = next(fused.output);
    };
    if (has_weights(kind) && following && following->kind == NodeKind::batch_norm &&
        (kind != NodeKind::conv_transposed || fused.node->groups == 1)) {
      fused.norm = following;
      advance();
    }
    if (kind == NodeKind::conv && following && following->kind == NodeKind::add && addend(fused.output, *following)) {
      fused.added = *addend(fused.output, *following);
      advance();
    }
    if (following && takes(kind, following->kind)) {
      fused.activation = following;
      advance();
    }
    return last;
  }

  // What an add adds to `value`; nothing when it is of another shape, or the same value.
  const std::string* addend(const std::string& value, const Node& add) const {
    const std::string& other = add.inputs[0] == value ? add.inputs[1] : add.inputs[0];
    return other != value && shapes_.at(other) == shapes_.at(value) ? &other : nullptr;
  }

  static bool takes(NodeKind kind, NodeKind activation) {
    if (kind == NodeKind::conv || kind == NodeKind::linear || kind == NodeKind::add) return is_activation(activation);
    return (kind == NodeKind::batch_norm || kind == NodeKind::instance_norm || kind == NodeKind::group_norm) &&
           activation == NodeKind::relu;
  }

  const NetSpec& spec_;
  const Shapes& shapes_;
  std::map<std::string, std::vector<const Node*>> readers_;
  std::set<const Node*> taken_;
};

}  // namespace

std::vector<FusedNode> fuse(const NetSpec& spec, const Shapes& shapes) { return Fuser(spec, shapes).fuse(); }

}  // namespace sfumato
