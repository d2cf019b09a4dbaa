// SPDX-License-Identifier: Apache-2.0
#include "look/learned_file.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "files/safetensors.h"
#include "lane/cube.h"
#include "look/local_adapter.h"
#include "look/net_adapter.h"
#include "look/ridge_adapter.h"
#include "look/rules.h"
#include "look/values.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using nlohmann::json;

constexpr const char* look_key = "sfumato";

void write_table(const CubeTable& table, const std::string& name, TensorFile& file) {
  Tensor nodes{{table.size, table.size, table.size, 3}, {}};
  for (std::size_t i = 0; i < table.nodes.size(); i += 4)
    nodes.values.insert(nodes.values.end(), {table.nodes[i], table.nodes[i + 1], table.nodes[i + 2]});
  file.tensors[name] = std::move(nodes);
  auto numbers = [](const float* low, const float* scale) {
    return Tensor{{2, 3}, {low[0], low[1], low[2], scale[0], scale[1], scale[2]}};
  };
  file.tensors[name + ".domain"] = numbers(table.low, table.scale);
  if (!table.has_shaper()) return;
  file.tensors[name + ".shaper_domain"] = numbers(table.shaper_low, table.shaper_scale);
  for (int i = 0; i < 3; ++i)
    file.tensors[fmt::format("{}.shaper{}", name, i)] = {{static_cast<std::int64_t>(table.shaper[i].size())},
                                                         table.shaper[i]};
}

void read_domain(const Tensor& t, float* low, float* scale) {
  for (int i = 0; i < 3; ++i) low[i] = t.values[i], scale[i] = t.values[3 + i];
}

void check_finite(const Tensor& t, const std::string& name, const std::string& path) {
  for (const float v : t.values)
    if (!std::isfinite(v))
      throw Error(Code::look, fmt::format("found a number in the tensor '{}' that is not finite", name), path);
}

std::shared_ptr<const CubeTable> read_table(const TensorFile& file, const std::string& name, const std::string& path) {
  const Tensor& nodes = file.get(name, {-1, -1, -1, 3});
  CubeTable table;
  table.size = static_cast<int>(nodes.shape[0]);
  if (nodes.shape[0] != nodes.shape[1] || nodes.shape[0] != nodes.shape[2] || nodes.shape[0] < 2 ||
      nodes.shape[0] > CubeTable::most)
    throw Error(Code::look,
                fmt::format("found a table '{}' of {} x {} x {} nodes; expected a cube of 2 to {}", name,
                            nodes.shape[0], nodes.shape[1], nodes.shape[2], CubeTable::most),
                path);
  const Tensor& domain = file.get(name + ".domain", {2, 3});
  check_finite(nodes, name, path);
  check_finite(domain, name + ".domain", path);
  read_domain(domain, table.low, table.scale);
  for (std::size_t i = 0; i < nodes.values.size(); i += 3)
    table.nodes.insert(table.nodes.end(), {nodes.values[i], nodes.values[i + 1], nodes.values[i + 2], 0.0f});
  if (file.tensors.count(name + ".shaper_domain")) {
    read_domain(file.get(name + ".shaper_domain", {2, 3}), table.shaper_low, table.shaper_scale);
    for (int i = 0; i < 3; ++i) {
      const Tensor& curve = file.get(fmt::format("{}.shaper{}", name, i), {-1});
      check_finite(curve, name + ".shaper", path);
      if (curve.values.size() < 2)
        throw Error(Code::look,
                    fmt::format("found a curve before the table '{}' of {} values; expected two or more", name,
                                curve.values.size()),
                    path);
      table.shaper[i] = curve.values;
    }
  }
  return std::make_shared<const CubeTable>(std::move(table));
}

// A network's weights lie beside other tensors under this name.
constexpr const char* weights_prefix = "net.";

std::shared_ptr<const Adapter> read_adapter(const json& adapter, const TensorFile& file, const std::string& path) {
  if (!adapter.is_object() || !adapter.contains("kind") || !adapter["kind"].is_string())
    throw Error(Code::look,
                "found an adapter without a kind; expected {\"kind\": \"ridge\"}, {\"kind\": \"net\", ...} or "
                "{\"kind\": \"local\"}",
                path);
  const std::string kind = adapter["kind"];
  if (kind == "local") return std::make_shared<LocalAdapter>(file, path);
  if (kind == "ridge") return std::make_shared<RidgeAdapter>(file);
  if (kind != "net") throw Error(Code::look, unknown_name("kind of adapter", kind, {"local", "net", "ridge"}), path);
  if (!adapter.contains("net"))
    throw Error(Code::look, "found an adapter of kind net without \"net\": what the network is", path);
  TensorFile weights;
  for (const auto& [name, tensor] : file.tensors)
    if (name.starts_with(weights_prefix)) weights.tensors[name.substr(std::strlen(weights_prefix))] = tensor;
  return std::make_shared<NetAdapter>(net_from_json(adapter["net"].dump(), path), std::move(weights));
}

// What reads it back; null for rules, which stand in the look's text.
json write_adapter(const Adapter& adapter, TensorFile& file) {
  json text;
  if (const auto* ridge = dynamic_cast<const RidgeAdapter*>(&adapter)) {
    text = {{"kind", "ridge"}};
    ridge->write(file);
  } else if (const auto* net = dynamic_cast<const NetAdapter*>(&adapter)) {
    text = {{"kind", "net"}, {"net", json::parse(net_to_json(net->net()))}};
    for (const auto& [name, tensor] : net->weights().tensors) file.tensors[weights_prefix + name] = tensor;
  } else if (const auto* local = dynamic_cast<const LocalAdapter*>(&adapter)) {
    text = {{"kind", "local"}};
    local->write(file);
  }
  return text;
}

const std::string& metadata_of(const TensorFile& file, const std::string& key, const std::string& path) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end())
    throw Error(Code::look, fmt::format("found no \"{}\" in its metadata; expected a learned look", key), path);
  return found->second;
}

}  // namespace

Look learned_look(const TensorFile& file, const std::string& path) {
  Look look = parse_look_with(metadata_of(file, look_key, path), path, [&](const std::string& name) {
    if (!name.starts_with(table_prefix))
      throw Error(
          Code::look,
          fmt::format("found the table '{}'; expected {}NAME: learned looks hold their tables", name, table_prefix),
          path);
    return read_table(file, name.substr(std::strlen(table_prefix)), path);
  });
  if (file.metadata.count("adapter"))
    look.adapter = read_adapter(json::parse(file.metadata.at("adapter"), nullptr, false), file, path);
  return look;
}

std::string read_learned_report(const std::string& path) {
  const TensorFile file = read_safetensors(path);
  metadata_of(file, look_key, path);
  const auto report = file.metadata.find("report");
  return report == file.metadata.end() ? "" : report->second;
}

void write_look(const std::string& path, const Look& look, const std::string& report) {
  TensorFile file;
  Look named = look;
  int tables = 0;
  for (LookStep& step : named.steps) {
    if (!step.table) continue;
    const std::string name = fmt::format("table{}", tables++);
    write_table(*step.table, name, file);
    step.file = table_prefix + name;
  }
  if (look.adapter)
    if (const json adapter = write_adapter(*look.adapter, file); !adapter.is_null())
      file.metadata["adapter"] = adapter.dump();
  file.metadata[look_key] = print_look(named);
  if (!report.empty()) file.metadata["report"] = report;
  write_safetensors(path, file);
}

}  // namespace sfumato
