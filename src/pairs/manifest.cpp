// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "pairs/generate.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using json = nlohmann::ordered_json;

json to_json(const GeneratedFile& f) {
  return {{"file", f.path}, {"sha256", f.sha256}, {"width", f.width}, {"height", f.height}};
}

GeneratedFile file_from(const json& j) {
  return {j.at("file").get<std::string>(), j.at("sha256").get<std::string>(), j.at("width").get<int>(),
          j.at("height").get<int>()};
}

// Quotes where a comma, a quote or a line break asks for them (RFC 4180).
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

std::string print_manifest(const Manifest& m) {
  json root{{"sfumato_pairs", 1},
            {"version", m.version},
            {"seed", m.options.seed},
            {"long_edge", m.options.long_edge},
            {"format", m.options.is_tiff16 ? "tiff16" : "png"},
            {"vary", m.options.vary},
            {"strokes", m.options.strokes},
            {"look_name", m.look_name},
            {"look", m.look},
            {"pairs", json::array()}};
  for (const GeneratedPair& p : m.pairs) {
    json values = json::object();
    // Through the shortest text, so that 0.1 does not become 0.10000000149.
    for (std::size_t i = 0; i < m.knobs.size(); ++i) values[m.knobs[i]] = json::parse(format_number(p.values[i]));
    root["pairs"].push_back({{"name", p.name},
                             {"photo", p.photo},
                             {"before", to_json(p.before)},
                             {"after", to_json(p.after)},
                             {"values", values}});
  }
  return root.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

Manifest parse_manifest(const std::string& text, const std::string& where) {
  try {
    const json root = json::parse(text);
    if (root.at("sfumato_pairs") != 1)
      throw Error(Code::input, "expected \"sfumato_pairs\": 1, the format version that this program reads", where);
    Manifest m;
    m.version = root.at("version").get<std::string>();
    m.options = {.seed = root.at("seed").get<std::uint64_t>(),
                 .long_edge = root.at("long_edge").get<int>(),
                 .is_tiff16 = root.at("format") == "tiff16",
                 .vary = root.value("vary", 0.0f),
                 .strokes = root.value("strokes", 0.0f)};
    m.look_name = root.at("look_name").get<std::string>();
    m.look = root.at("look").get<std::string>();
    for (const json& p : root.at("pairs")) {
      GeneratedPair pair{p.at("name").get<std::string>(),
                         p.at("photo").get<std::string>(),
                         file_from(p.at("before")),
                         file_from(p.at("after")),
                         {}};
      const bool is_first = m.pairs.empty();
      for (const auto& [knob, value] : p.at("values").items()) {
        if (is_first) m.knobs.push_back(knob);
        pair.values.push_back(value.get<float>());
      }
      if (pair.values.size() != m.knobs.size())
        throw Error(Code::input,
                    fmt::format("found {} values of {}; expected {}", pair.values.size(), pair.name, m.knobs.size()),
                    where);
      m.pairs.push_back(std::move(pair));
    }
    return m;
  } catch (const json::exception& e) {
    throw Error(Code::input, fmt::format("is no manifest of generated pairs: {}", e.what()), where);
  }
}

std::string print_parameters(const Manifest& m) {
  std::string text = "name,photo";
  for (const std::string& knob : m.knobs) text += "," + csv_field(knob);
  text += "\n";
  for (const GeneratedPair& p : m.pairs) {
    text += csv_field(p.name) + "," + csv_field(p.photo);
    for (const float v : p.values) text += "," + format_number(v);
    text += "\n";
  }
  return text;
}

}  // namespace sfumato
