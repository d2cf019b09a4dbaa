// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "net/nets.h"

namespace sfumato {

// Writes a NetSpec node by node.
class NetBuilder {
 public:
  NetBuilder(std::string name, std::vector<NetInput> inputs);

  // A node without inputs reads the last one. Returns its name.
  std::string add(Node);
  // From RGB 0..1 to what the weights expect.
  std::string add_pixels(PixelInput);

  const std::string& last() const { return last_; }
  NetSpec finish(std::vector<std::string> outputs);

 private:
  NetSpec spec_;
  std::string last_;
};

}  // namespace sfumato
