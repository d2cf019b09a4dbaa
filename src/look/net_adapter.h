// SPDX-License-Identifier: Apache-2.0
// A look whose ranged knobs a network reads from each photo.
#pragma once

#include <memory>

#include "files/safetensors.h"
#include "look/adapter.h"
#include "net/net_spec.h"

namespace sfumato {

// net: a style net (net/style_net.h) with one raw number for each of head_of(look)'s outputs. Throws Code::look:
// weights that do not fit.
class NetAdapter : public Adapter {
 public:
  NetAdapter(NetSpec net, TensorFile weights);
  Adapted adapt(const Look&, const Analysis&) const override;
  std::uint64_t hash() const override;

  const NetSpec& net() const { return net_; }
  const TensorFile& weights() const { return weights_; }

 private:
  NetSpec net_;
  TensorFile weights_;
};

}  // namespace sfumato
