// SPDX-License-Identifier: Apache-2.0
// Which nodes are computed together.
#pragma once

#include <string>
#include <vector>

#include "net/net_spec.h"

namespace sfumato {

// A node and those behind it that cost nothing more: conv + batch_norm + add + activation, norm + relu, add +
// activation.
struct FusedNode {
  const Node* node = nullptr;
  const Node* norm = nullptr;  // a batch_norm to fold into the node's weights
  std::string added;           // the value that an add adds to the node's
  const Node* activation = nullptr;
  std::string output;  // the value it makes
};

// In an order in which all inputs are ready.
std::vector<FusedNode> fuse(const NetSpec&, const Shapes&);

}  // namespace sfumato
