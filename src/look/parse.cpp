// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "files/lut_file.h"
#include "look/locate.h"
#include "look/rules.h"
#include "look/values.h"
#include "look/where_text.h"
#include "sfumato/error.h"
#include "sfumato/look.h"

namespace sfumato {
namespace {

using nlohmann::json;
using Path = std::vector<std::string>;

constexpr std::size_t largest_text = 1 << 20;
constexpr int deepest_nesting = 16;

// Reads a text and remembers how far it is: the JSON library tells places of syntax errors only.
struct CountingReader {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char& operator*() const { return *at; }
  CountingReader& operator++() {
    *reached = ++at;
    return *this;
  }
  bool operator==(const CountingReader& o) const { return at == o.at; }
  bool operator!=(const CountingReader& o) const { return at != o.at; }

  const char* at;
  const char** reached;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& name, const TableLoader& load)
      : text_(text), name_(name), load_(load) {}

  Look parse() {
    if (text_.size() > largest_text)
      throw Error(Code::look, fmt::format("found {} bytes; expected a look of at most {}", text_.size(), largest_text),
                  name_);
    const json root = parse_json();
    if (!root.is_object()) fail({}, "found no JSON object; expected {\"sfumato\": 1, \"steps\": [...]}");
    check_keys(root, {}, {"sfumato", "title", "about", "origin", "steps"});
    if (root.value("sfumato", json()) != json(1))
      fail({"sfumato"}, "expected \"sfumato\": 1, the format version that this program reads");

    Look look;
    look.id = std::filesystem::path(name_).stem().string();
    look.title = text_of(root, "title", look.id);
    look.about = text_of(root, "about", "");
    look.origin = text_of(root, "origin", "");
    if (!root.contains("steps") || !root["steps"].is_array())
      fail({"steps"}, "expected an array \"steps\" of operations");
    for (std::size_t i = 0; i < root["steps"].size(); ++i)
      look.steps.push_back(step(root["steps"][i], {"steps", std::to_string(i)}));
    if (has_rules(look)) look.adapter = rules_adapter();
    return look;
  }

 private:
  [[noreturn]] void fail(const Path& path, const std::string& what) const {
    throw Error(Code::look, what, name_ + ":" + locate_json(text_, path));
  }

  json parse_json() const {
    std::vector<std::set<std::string>> keys;
    const char* reached = text_.data();
    auto place = [&](std::size_t offset) { return name_ + ":" + line_and_column(text_, offset); };
    auto read = [&] { return static_cast<std::size_t>(reached - text_.data()); };
    auto watch = [&](int depth, json::parse_event_t event, json& value) {
      if (depth > deepest_nesting) throw Error(Code::look, "nested too deeply to be a look", place(read() - 1));
      if (event == json::parse_event_t::object_start) keys.emplace_back();
      if (event == json::parse_event_t::object_end) keys.pop_back();
      if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
        throw Error(Code::look, fmt::format("found the key \"{}\" twice in one object", value.get<std::string>()),
                    place(text_.rfind('"', read() - 2)));
      return true;
    };
    try {
      return json::parse(CountingReader{text_.data(), &reached}, CountingReader{text_.data() + text_.size(), &reached},
                         watch, true, true);
    } catch (const json::parse_error& e) {
      // The library's message ends in "...: syntax error while parsing X - reason".
      std::string reason = e.what();
      if (const auto dash = reason.find("syntax error"); dash != std::string::npos) reason = reason.substr(dash);
      throw Error(Code::look, reason, place(e.byte > 0 ? e.byte - 1 : 0));
    } catch (const json::out_of_range&) {
      throw Error(Code::look, "found a number that is too large; expected one that fits its knob", place(read() - 1));
    } catch (const json::exception& e) {
      throw Error(Code::look, e.what(), name_);
    }
  }

  std::string text_of(const json& object, const char* key, const std::string& otherwise) const {
    if (!object.contains(key)) return otherwise;
    if (!object[key].is_string()) fail({key}, fmt::format("expected a text for \"{}\"", key));
    return object[key].get<std::string>();
  }

  void check_keys(const json& object, const Path& path, const std::vector<std::string>& known) const {
    for (const auto& [key, value] : object.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      Path at = path;
      at.push_back(key);
      fail(at, unknown_name("key", key, known));
    }
  }

  LookStep step(const json& object, const Path& path) const {
    if (!object.is_object()) fail(path, "expected an operation such as {\"op\": \"exposure\", \"stops\": 0.5}");
    auto below = [&](const std::string& key) {
      Path p = path;
      p.push_back(key);
      return p;
    };
    if (!object.contains("op") || !object["op"].is_string()) fail(path, "expected \"op\": the name of an operation");
    const std::string id = object["op"].get<std::string>();
    const OpInfo* op = find_op(id);
    if (!op) fail(below("op"), unknown_name("operation", id, op_ids()));

    std::vector<std::string> known{"op", "where"};
    for (const Knob& k : op->knobs) known.push_back(k.name);
    if (op->card.resource) known.push_back(op->card.resource);
    check_keys(object, path, known);

    LookStep s = initial_step(*op);
    int at = 0;
    for (const Knob& k : op->knobs) {
      if (object.contains(k.name)) read_knob(object[k.name], k, below(k.name), s, at);
      at += k.count;
    }
    if (op->card.resource) load_resource(object, path, s);
    if (object.contains("where"))
      s.where = read_where(object["where"], [&](const std::string& key, const std::string& what) {
        Path at = below("where");
        if (!key.empty()) at.push_back(key);
        fail(at, what);
      });
    return s;
  }

  void read_knob(const json& value, const Knob& k, const Path& path, LookStep& s, int at) const {
    if (k.count == 1) {
      read_value(value, k, path, s, at);
      return;
    }
    if (!value.is_array() || value.size() != static_cast<std::size_t>(k.count))
      fail(path,
           fmt::format("found {}; expected an array of {} values for {}",
                       value.is_array() ? fmt::format("{} values", value.size()) : value.dump(), k.count, k.name));
    for (int i = 0; i < k.count; ++i) {
      Path below = path;
      below.push_back(std::to_string(i));
      read_value(value[i], k, below, s, at + i);
    }
  }

  void read_value(const json& value, const Knob& k, const Path& path, LookStep& s, int at) const {
    if (!value.is_object()) {
      s.values[at] = one(value, k, path);
      return;
    }
    s.rules.push_back(rule(value, k, path, at));
    s.values[at] = KnobValue::fixed(resting_value(s.rules.back(), k));
  }

  // {"from": "key", "target": 0.18, "share": 0.7, "low": -1, "high": 1}
  KnobRule rule(const json& object, const Knob& k, const Path& path, int at) const {
    auto below = [&](const char* key) {
      Path p = path;
      p.push_back(key);
      return p;
    };
    check_keys(object, path, {"from", "target", "share", "low", "high"});
    if (!object.contains("from") || !object["from"].is_string())
      fail(path, "expected \"from\": the name of a measurement of the photo");
    const std::string from = object["from"].get<std::string>();
    const SceneMeasure* measure = find_scene_measure(from);
    if (!measure) fail(below("from"), unknown_name("measurement", from, scene_measure_names()));

    KnobRule r = usual_rule(at, from, k);
    auto number = [&](const char* key, float low, float high, float& to) {
      if (!object.contains(key)) return;
      const json& v = object[key];
      if (!v.is_number() || !(v.get<float>() >= low && v.get<float>() <= high))
        fail(below(key), fmt::format("found {} for {}; expected a number from {} to {}", v.dump(), key,
                                     format_number(low), format_number(high)));
      to = v.get<float>();
    };
    if (object.contains("target") && measure->kind == SceneMeasure::Kind::place)
      fail(below("target"), fmt::format("{} has no target: the knob is set to it", from));
    const bool is_amount = measure->kind == SceneMeasure::Kind::stops || measure->kind == SceneMeasure::Kind::factor;
    number("target", is_amount ? 0.001f : -1000.0f, 1000.0f, r.target);
    number("share", -4.0f, 4.0f, r.share);
    number("low", k.min, k.max, r.low);
    number("high", k.min, k.max, r.high);
    if (r.low > r.high)
      fail(path, fmt::format("found low {} above high {}", format_number(r.low), format_number(r.high)));
    return r;
  }

  // A number, or [low, preset, high].
  KnobValue one(const json& value, const Knob& k, const Path& path) const {
    auto number = [&](const json& v) {
      if (!v.is_number())
        fail(path, fmt::format("found {}; expected a number, [low, preset, high] or {{\"from\": ...}} for {}", v.dump(),
                               k.name));
      const float f = v.get<float>();
      if (!(f >= k.min && f <= k.max))
        fail(path, fmt::format("found {} for {}; expected {} to {}", v.dump(), k.name, format_number(k.min),
                               format_number(k.max)));
      return f;
    };
    if (!value.is_array()) return KnobValue::fixed(number(value));
    if (value.size() != 3)
      fail(path, fmt::format("found {} values; expected a number or [low, preset, high] for {}", value.size(), k.name));
    const KnobValue range{number(value[0]), number(value[1]), number(value[2])};
    if (!(range.low <= range.preset && range.preset <= range.high))
      fail(path, fmt::format("found {}; expected low <= preset <= high for {}", value.dump(), k.name));
    return range;
  }

  void load_resource(const json& object, const Path& path, LookStep& s) const {
    const char* key = s.op->card.resource;
    if (!object.contains(key) || !object[key].is_string())
      fail(path, fmt::format("{} needs \"{}\": the path of a .cube, .3dl or HaldCLUT file", s.op->card.id, key));
    s.file = object[key].get<std::string>();
    s.table = load_(s.file);
  }

  std::string_view text_;
  const std::string& name_;
  const TableLoader& load_;
};

}  // namespace

Look parse_look_with(std::string_view text, const std::string& name, const TableLoader& load) {
  return Parser(text, name, load).parse();
}

Look parse_look(std::string_view text, const std::string& name, const std::string& folder) {
  return parse_look_with(text, name, [&](const std::string& file) {
    if (file.starts_with(table_prefix))
      throw Error(Code::look,
                  fmt::format("found the table '{}', which stays in the learned look that this text was printed from; "
                              "render that one and change it by --set, or export it as .cube",
                              file),
                  name);
    return load_lut((std::filesystem::path(folder) / file).string());
  });
}

}  // namespace sfumato
