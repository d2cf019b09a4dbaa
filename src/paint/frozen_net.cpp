// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <set>

#include "paint/net_picture.h"

namespace sfumato {
namespace {

bool is_statistic(const Node& n) {
  return n.kind == NodeKind::global_average_pool || n.kind == NodeKind::global_deviation;
}

// Mean and variance of each channel of [1, c, h, w].
std::pair<Tensor, Tensor> moments(const Tensor& t) {
  const std::int64_t channels = t.shape[1];
  const std::size_t count = static_cast<std::size_t>(t.shape[2] * t.shape[3]);
  Tensor mean{{channels}, {}}, variance{{channels}, {}};
  for (std::int64_t c = 0; c < channels; ++c) {
    const float* v = &t.values[static_cast<std::size_t>(c) * count];
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < count; ++i) sum += v[i];
    const double m = sum / static_cast<double>(count);
    for (std::size_t i = 0; i < count; ++i) squares += (v[i] - m) * (v[i] - m);
    mean.values.push_back(static_cast<float>(m));
    variance.values.push_back(static_cast<float>(squares / static_cast<double>(count)));
  }
  return {mean, variance};
}

// The instance norm as a batch norm of the same numbers, under names of its own: weights may be shared.
void freeze_norm(Node& node, const Tensor& input, TensorFile& weights) {
  const std::string from = node.prefix(), to = node.name + ".frozen";
  auto [mean, variance] = moments(input);
  const Tensor ones{mean.shape, std::vector<float>(mean.values.size(), 1.0f)};
  const Tensor zeros{mean.shape, std::vector<float>(mean.values.size(), 0.0f)};
  weights.tensors[to + ".weight"] = node.affine ? weights.get(from + ".weight") : ones;
  weights.tensors[to + ".bias"] = node.affine ? weights.get(from + ".bias") : zeros;
  weights.tensors[to + ".running_mean"] = std::move(mean);
  weights.tensors[to + ".running_var"] = std::move(variance);
  node.kind = NodeKind::batch_norm, node.parameters = to, node.affine = true;
}

Shapes shapes_of(const NetSpec& spec, const std::vector<Tensor>& inputs) {
  Shapes shapes;
  for (std::size_t i = 0; i < spec.inputs.size(); ++i) {
    const auto& s = inputs[i].shape;
    shapes[spec.inputs[i].name] = {s[0], s[1], s[2], s[3]};
  }
  return shapes;
}

}  // namespace

FrozenNet frozen(const PaintNet& net, const std::vector<Tensor>& inputs, const NetEngineOptions& engine) {
  FrozenNet f{net.spec, net.weights, {}};
  std::vector<std::string> wanted;
  std::set<std::string> seen;
  auto want = [&](const std::string& name) {
    const bool is_input =
        std::any_of(f.spec.inputs.begin(), f.spec.inputs.end(), [&](const NetInput& i) { return i.name == name; });
    if (!is_input && seen.insert(name).second) wanted.push_back(name);
  };
  for (const Node& n : net.spec.nodes) {
    if (n.kind == NodeKind::instance_norm) want(n.inputs[0]);
    if (is_statistic(n)) want(n.name);
  }
  if (wanted.empty()) return f;
  const NetSpec asked = up_to(net.spec, wanted);
  std::map<std::string, Tensor> found;
  {
    NetEngine run(asked, net.weights, shapes_of(asked, inputs), engine);
    std::vector<Tensor> values = run.run(inputs);
    for (std::size_t i = 0; i < wanted.size(); ++i) found[wanted[i]] = std::move(values[i]);
  }
  std::vector<Node> nodes;
  for (Node n : net.spec.nodes) {
    if (is_statistic(n)) {
      f.spec.inputs.push_back({n.name, static_cast<int>(found[n.name].shape[1]), 1, 1});
      continue;
    }
    if (n.kind == NodeKind::instance_norm) freeze_norm(n, found.at(n.inputs[0]), f.weights);
    nodes.push_back(std::move(n));
  }
  f.spec.nodes = std::move(nodes);
  f.spec = up_to(f.spec, net.spec.outputs);
  // What only the statistics needed is not read any more.
  std::vector<NetInput> kept;
  for (const NetInput& input : f.spec.inputs) {
    const bool is_read = std::any_of(f.spec.nodes.begin(), f.spec.nodes.end(), [&](const Node& n) {
      return std::find(n.inputs.begin(), n.inputs.end(), input.name) != n.inputs.end();
    });
    if (!is_read) continue;
    kept.push_back(input);
    if (const auto at = found.find(input.name); at != found.end()) f.statistics.emplace_back(input.name, at->second);
  }
  f.spec.inputs = std::move(kept);
  return f;
}

}  // namespace sfumato
