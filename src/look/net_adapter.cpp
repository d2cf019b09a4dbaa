// SPDX-License-Identifier: Apache-2.0
#include "look/net_adapter.h"

#include <fmt/format.h>

#include <functional>
#include <future>

#include "base/fnv.h"
#include "look/head.h"
#include "net/engine.h"
#include "net/style_net.h"
#include "sfumato/error.h"

namespace sfumato {

NetAdapter::NetAdapter(NetSpec net, TensorFile weights) : net_(std::move(net)), weights_(std::move(weights)) {
  check_weights(net_, infer_shapes(net_, input_shapes(net_)), weights_);
}

Adapter::Adapted NetAdapter::adapt(const Look& look, const Analysis& photo) const {
  const auto outputs = head_of(look);
  auto numbers = std::async(std::launch::async, describe, std::cref(photo));
  // Exact numbers and one thread: the same bits on one machine whatever else it does.
  NetEngine engine(net_, weights_, input_shapes(net_), {.threads = 1, .exact = true});
  if (engine.output_shapes()[0].c != static_cast<std::int64_t>(outputs.size()))
    throw Error(Code::look,
                fmt::format("found a network of {} numbers for a look with {} ranges", engine.output_shapes()[0].c,
                            outputs.size()),
                look.id);
  const std::vector<float> image = image_input(photo), descriptor = numbers.get();
  std::vector<float> raw(outputs.size());
  const float* in[]{image.data(), descriptor.data()};
  float* out[]{raw.data()};
  engine.run(in, out);
  Adapted result{with_raw(look, outputs, raw.data()), 1.0f};
  result.look.adapter = nullptr;
  return result;
}

std::uint64_t NetAdapter::hash() const {
  const std::string spec = net_to_json(net_);
  std::uint64_t h = fnv1a(spec.data(), spec.size());
  for (const auto& [name, tensor] : weights_.tensors) {
    h = fnv1a(name.data(), name.size(), h);
    h = fnv1a(tensor.values, h);
  }
  return h;
}

}  // namespace sfumato
