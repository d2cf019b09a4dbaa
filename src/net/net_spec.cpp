// SPDX-License-Identifier: Apache-2.0
#include "net/net_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr std::size_t most_nodes = 10'000;
constexpr int most_channels = 1 << 16, largest_kernel = 255, largest_side = 1 << 16;

struct InputCount {
  std::size_t least, most;
};

InputCount inputs_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::add:
    case NodeKind::mul:
      return {2, 2};
    case NodeKind::resize:
      return {1, 2};
    case NodeKind::concat:
      return {1, 64};
    default:
      return {1, 1};
  }
}

bool has_window(NodeKind kind) {
  return kind == NodeKind::conv || kind == NodeKind::conv_transposed || kind == NodeKind::max_pool ||
         kind == NodeKind::average_pool;
}

bool makes_channels(NodeKind kind) {
  return kind == NodeKind::conv || kind == NodeKind::conv_transposed || kind == NodeKind::linear;
}

class Checker {
 public:
  explicit Checker(const NetSpec& spec) : spec_(spec) {}

  void check() {
    if (spec_.nodes.size() > most_nodes || spec_.inputs.empty() || spec_.outputs.empty())
      throw Error(
          Code::look,
          fmt::format(
              "net \"{}\": found {} nodes, {} inputs and {} outputs; expected at most {} nodes and some of both",
              printable(spec_.name), spec_.nodes.size(), spec_.inputs.size(), spec_.outputs.size(), most_nodes));
    for (const NetInput& input : spec_.inputs) {
      add_name(input.name);
      range(input.name, "channels", input.channels, 1, most_channels);
      range(input.name, "height", input.height, 0, largest_side);
      range(input.name, "width", input.width, 0, largest_side);
    }
    for (const Node& node : spec_.nodes) {
      check_inputs(node);
      check_attributes(node);
      add_name(node.name);
    }
    for (const std::string& output : spec_.outputs) find(output, "the outputs");
  }

 private:
  [[noreturn]] void fail(const std::string& node, const std::string& what) const {
    throw Error(Code::look, fmt::format("net \"{}\", node \"{}\": {}", printable(spec_.name), printable(node), what));
  }

  void add_name(const std::string& name) {
    if (name.empty() || !names_.insert(name).second) fail(name, "expected a name of its own");
  }

  void find(const std::string& name, const std::string& reader) const {
    if (names_.count(name)) return;
    const std::string near = nearest_name(name, std::vector<std::string>(names_.begin(), names_.end()));
    fail(reader, fmt::format("found \"{}\"; expected an earlier node or an input{}", printable(name),
                             near.empty() ? "" : fmt::format(", such as \"{}\"", printable(near))));
  }

  void check_inputs(const Node& node) const {
    const auto [least, most] = inputs_of(node.kind);
    if (node.inputs.size() < least || node.inputs.size() > most)
      fail(node.name, fmt::format("found {} inputs; expected {} to {}", node.inputs.size(), least, most));
    for (const std::string& input : node.inputs) find(input, node.name);
  }

  void range(const std::string& node, const char* attribute, int found, int least, int most) const {
    if (found < least || found > most)
      fail(node, fmt::format("found {} = {}; expected {} to {}", attribute, found, least, most));
  }

  void check_attributes(const Node& node) const {
    range(node.name, "channels", node.channels, makes_channels(node.kind) ? 1 : 0, most_channels);
    range(node.name, "groups", node.groups, 1, most_channels);
    range(node.name, "height", node.height, 0, largest_side);
    range(node.name, "width", node.width, 0, largest_side);
    range(node.name, "kernel", node.kernel, 1, largest_kernel);
    range(node.name, "stride", node.stride, 1, largest_kernel);
    range(node.name, "dilation", node.dilation, 1, largest_kernel);
    range(node.name, "pad", node.pad, 0, largest_kernel);
    range(node.name, "output_pad", node.output_pad, 0, node.stride - 1);
    if (!(node.epsilon >= 0) || !std::isfinite(node.slope) || !(node.factor >= 0 && node.factor <= 64))
      fail(node.name, "found epsilon, slope or factor out of range; expected at least 0, a number, 0 to 64");
    if (has_window(node.kind)) check_window(node);
    if (node.kind == NodeKind::resize) check_resize(node);
  }

  void check_window(const Node& node) const {
    const bool pool = node.kind == NodeKind::max_pool || node.kind == NodeKind::average_pool;
    if (pool && (2 * node.pad > node.kernel || node.dilation != 1 || node.same))
      fail(node.name, "found a pool with a pad over half its kernel, a dilation or \"same\"; expected none");
    if (node.kind == NodeKind::average_pool && node.ceil && node.pad > 0)
      fail(node.name, "found both ceil and a pad; expected one of them");
    if (node.pad_mode == PadMode::reflect && node.kind != NodeKind::conv)
      fail(node.name, "found reflected padding; only a conv has it");
  }

  void check_resize(const Node& node) const {
    const int ways = (node.height > 0 && node.width > 0) + (node.factor > 0) + (node.inputs.size() == 2);
    if (ways != 1) fail(node.name, "expected either height and width, or a factor, or a second input");
  }

  const NetSpec& spec_;
  std::set<std::string> names_;
};

}  // namespace

void check(const NetSpec& spec) { Checker(spec).check(); }

NetSpec up_to(const NetSpec& spec, const std::vector<std::string>& outputs) {
  NetSpec part = spec;
  part.outputs = outputs;
  check(part);
  std::set<std::string> needed(outputs.begin(), outputs.end());
  for (auto node = spec.nodes.rbegin(); node != spec.nodes.rend(); ++node)
    if (needed.count(node->name)) needed.insert(node->inputs.begin(), node->inputs.end());
  std::erase_if(part.nodes, [&](const Node& node) { return !needed.count(node.name); });
  std::erase_if(part.inputs, [&](const NetInput& input) { return !needed.count(input.name); });
  return part;
}

Shapes input_shapes(const NetSpec& spec, int height, int width) {
  Shapes shapes;
  for (const NetInput& input : spec.inputs)
    shapes[input.name] = {1, input.channels, input.height ? input.height : height, input.width ? input.width : width};
  return shapes;
}

}  // namespace sfumato
