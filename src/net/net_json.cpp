// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "net/net_spec.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using nlohmann::json;

constexpr int deepest_nesting = 8;

// In the order of the enumerations.
constexpr std::array kind_names{"conv",
                                "conv_transposed",
                                "batch_norm",
                                "instance_norm",
                                "group_norm",
                                "relu",
                                "leaky_relu",
                                "tanh",
                                "sigmoid",
                                "sqrt",
                                "max_pool",
                                "average_pool",
                                "global_average_pool",
                                "global_deviation",
                                "resize",
                                "add",
                                "mul",
                                "concat",
                                "linear",
                                "flatten",
                                "scale_shift"};
static_assert(kind_names.size() == static_cast<std::size_t>(NodeKind::scale_shift) + 1);
constexpr std::array pad_names{"zero", "reflect"};
constexpr std::array resize_names{"nearest", "bilinear"};

// The one list of attributes: visit(key, of this node, of a node without attributes).
template <class SomeNode, class Visit>
void each_attribute(SomeNode& node, const Visit& visit) {
  static const Node plain;
  visit("parameters", node.parameters, plain.parameters);
  visit("channels", node.channels, plain.channels);
  visit("kernel", node.kernel, plain.kernel);
  visit("stride", node.stride, plain.stride);
  visit("dilation", node.dilation, plain.dilation);
  visit("pad", node.pad, plain.pad);
  visit("output_pad", node.output_pad, plain.output_pad);
  visit("same", node.same, plain.same);
  visit("pad_mode", node.pad_mode, plain.pad_mode);
  visit("groups", node.groups, plain.groups);
  visit("bias", node.bias, plain.bias);
  visit("affine", node.affine, plain.affine);
  visit("epsilon", node.epsilon, plain.epsilon);
  visit("slope", node.slope, plain.slope);
  visit("ceil", node.ceil, plain.ceil);
  visit("count_pad", node.count_pad, plain.count_pad);
  visit("height", node.height, plain.height);
  visit("width", node.width, plain.width);
  visit("factor", node.factor, plain.factor);
  visit("mode", node.mode, plain.mode);
  visit("scale", node.scale, plain.scale);
  visit("shift", node.shift, plain.shift);
  visit("order", node.order, plain.order);
}

json value_of(PadMode mode) { return pad_names[static_cast<std::size_t>(mode)]; }
json value_of(ResizeMode mode) { return resize_names[static_cast<std::size_t>(mode)]; }
json value_of(const auto& plain) { return plain; }

class Reader {
 public:
  explicit Reader(const std::string& where) : where_(where) {}

  NetSpec read(std::string_view text) const {
    const json root = parse(text);
    check_keys(root, "the net", {"net", "name", "inputs", "nodes", "outputs"});
    if (root.value("net", json()) != json(1))
      fail("the net", "expected \"net\": 1, the format version that this program reads");
    NetSpec spec;
    get(root, "the net", "name", spec.name);
    for (const json& item : array_of(root, "inputs")) {
      NetInput input;
      check_keys(item, "an input", {"name", "channels", "height", "width"});
      get(item, "an input", "name", input.name);
      get(item, input.name, "channels", input.channels);
      get(item, input.name, "height", input.height);
      get(item, input.name, "width", input.width);
      spec.inputs.push_back(input);
    }
    for (const json& item : array_of(root, "nodes")) spec.nodes.push_back(node(item));
    get(root, "the net", "outputs", spec.outputs);
    check(spec);
    return spec;
  }

 private:
  [[noreturn]] void fail(const std::string& node, const std::string& what) const {
    throw Error(Code::look, fmt::format("{}: {}", printable(node), what), where_);
  }

  json parse(std::string_view text) const {
    const auto watch = [&](int depth, json::parse_event_t, json&) {
      if (depth > deepest_nesting) fail("the net", "nested too deeply");
      return true;
    };
    try {
      return json::parse(text, watch);
    } catch (const json::exception& e) {
      fail("the net", std::string("found no JSON: ") + printable(e.what()));
    }
  }

  void check_keys(const json& object, const std::string& node, const std::vector<std::string>& known) const {
    if (!object.is_object()) fail(node, "expected an object");
    for (const auto& [key, value] : object.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      const std::string near = nearest_name(key, known);
      fail(node, fmt::format("found the key \"{}\"{}", printable(key),
                             near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
    }
  }

  const json& array_of(const json& root, const char* key) const {
    if (!root.contains(key) || !root[key].is_array()) fail("the net", fmt::format("expected an array \"{}\"", key));
    return root[key];
  }

  template <class Names>
  std::size_t choice(const json& value, const std::string& node, const Names& names) const {
    const std::vector<std::string> known(names.begin(), names.end());
    const std::string found = value.is_string() ? value.get<std::string>() : value.dump();
    const auto at = std::find(known.begin(), known.end(), found);
    if (at == known.end()) {
      const std::string near = nearest_name(found, known);
      fail(node, fmt::format("found \"{}\"; expected {}", printable(found),
                             near.empty() ? fmt::format("one of {}", fmt::join(known, ", ")) : "\"" + near + "\""));
    }
    return static_cast<std::size_t>(at - known.begin());
  }

  void set(const json& value, const std::string& node, const char*, PadMode& mode) const {
    mode = static_cast<PadMode>(choice(value, node, pad_names));
  }
  void set(const json& value, const std::string& node, const char*, ResizeMode& mode) const {
    mode = static_cast<ResizeMode>(choice(value, node, resize_names));
  }
  void set(const json& value, const std::string& node, const char* key, int& number) const {
    if (!value.is_number_integer() || value.get<double>() < -1e9 || value.get<double>() > 1e9)
      fail(node, fmt::format("expected an integer for \"{}\"", key));
    number = value.get<int>();
  }
  void set(const json& value, const std::string& node, const char* key, float& number) const {
    if (!value.is_number()) fail(node, fmt::format("expected a number for \"{}\"", key));
    number = value.get<float>();
  }
  void set(const json& value, const std::string& node, const char* key, bool& truth) const {
    if (!value.is_boolean()) fail(node, fmt::format("expected true or false for \"{}\"", key));
    truth = value.get<bool>();
  }
  void set(const json& value, const std::string& node, const char* key, std::string& text) const {
    if (!value.is_string()) fail(node, fmt::format("expected a text for \"{}\"", key));
    text = value.get<std::string>();
  }
  template <class Item>
  void set(const json& value, const std::string& node, const char* key, std::vector<Item>& items) const {
    if (!value.is_array()) fail(node, fmt::format("expected an array for \"{}\"", key));
    items.clear();
    for (const json& item : value) set(item, node, key, items.emplace_back());
  }

  template <class Value>
  void get(const json& object, const std::string& node, const char* key, Value& value) const {
    if (object.contains(key)) set(object[key], node, key, value);
  }

  Node node(const json& item) const {
    Node node;
    std::vector<std::string> known{"name", "kind", "inputs"};
    each_attribute(node, [&](const char* key, auto&, const auto&) { known.emplace_back(key); });
    check_keys(item, "a node", known);
    get(item, "a node", "name", node.name);
    node.kind = static_cast<NodeKind>(choice(item.value("kind", json()), node.name, kind_names));
    get(item, node.name, "inputs", node.inputs);
    each_attribute(node, [&](const char* key, auto& value, const auto&) { get(item, node.name, key, value); });
    return node;
  }

  const std::string& where_;
};

}  // namespace

std::string_view name_of(NodeKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::string net_to_json(const NetSpec& spec) {
  json root{
      {"net", 1}, {"name", spec.name}, {"inputs", json::array()}, {"nodes", json::array()}, {"outputs", spec.outputs}};
  for (const NetInput& input : spec.inputs) {
    json item{{"name", input.name}, {"channels", input.channels}};
    if (input.height) item["height"] = input.height;
    if (input.width) item["width"] = input.width;
    root["inputs"].push_back(item);
  }
  for (const Node& node : spec.nodes) {
    json item{{"name", node.name}, {"kind", name_of(node.kind)}, {"inputs", node.inputs}};
    each_attribute(node, [&](const char* key, const auto& value, const auto& plain) {
      if (value != plain) item[key] = value_of(value);
    });
    root["nodes"].push_back(item);
  }
  return root.dump();
}

NetSpec net_from_json(std::string_view text, const std::string& where) { return Reader(where).read(text); }

}  // namespace sfumato
