// SPDX-License-Identifier: Apache-2.0
#include "look/where_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "look/values.h"

namespace sfumato {
namespace {

using nlohmann::json;
using Source = StepWhere::Source;

bool is_color(const std::string& text) {
  return text.size() == 7 && text[0] == '#' && text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
}

class Reader {
 public:
  Reader(const json& object, const WhereFault& fail) : object_(object), fail_(fail) {}

  StepWhere read() {
    if (!object_.is_object()) fail_("", "expected a place such as {\"region\": \"background\"}");
    const std::vector<std::string> known{"mask", "region",  "map",     "mask_color", "near",  "within",
                                         "box",  "texture", "feather", "snap",       "invert"};
    for (const auto& [key, value] : object_.items())
      if (std::find(known.begin(), known.end(), key) == known.end()) fail_(key, unknown_name("key", key, known));
    read_source();
    color("near", w_.near);
    color("mask_color", w_.mask_color);
    number("within", 1, 200, w_.within);
    numbers("box", w_.box, 4);
    numbers("texture", w_.texture, 2);
    number("feather", 0, 0.2f, w_.feather);
    flag("snap", w_.snaps);
    flag("invert", w_.is_inverted);
    check_keys();
    return w_;
  }

 private:
  void read_source() {
    bool is_mask = false;
    flag("mask", is_mask);
    if (is_mask + object_.contains("region") + object_.contains("map") > 1)
      fail_("", "found several of mask, region and map; expected one");
    w_.source = is_mask ? Source::mask : Source::rule;
    if (object_.contains("region")) {
      w_.source = Source::region;
      const std::vector<std::string> kinds{"any", "background", "ground", "subject"};
      w_.kind = object_["region"].is_string() ? object_["region"].get<std::string>() : object_["region"].dump();
      if (std::find(kinds.begin(), kinds.end(), w_.kind) == kinds.end())
        fail_("region", unknown_name("kind of region", w_.kind, kinds));
      if (w_.kind == "any") w_.kind.clear();
    }
    if (object_.contains("map")) {
      w_.source = Source::learned;
      const json& v = object_["map"];
      if (!v.is_number_integer() || v.get<int>() < 0 || v.get<int>() > 2)
        fail_("map", fmt::format("found {}; expected 0, 1 or 2", v.dump()));
      w_.map = v.get<int>();
    }
  }

  // Keys that the source does not read would be silently without effect.
  void check_keys() const {
    const auto only = [&](const char* key, std::initializer_list<Source> sources) {
      if (object_.contains(key) && std::find(sources.begin(), sources.end(), w_.source) == sources.end())
        fail_(key, fmt::format("found {} in a place that does not read it", key));
    };
    only("mask_color", {Source::region});
    for (const char* key : {"near", "within", "box"}) only(key, {Source::region, Source::rule});
    only("texture", {Source::rule});
    for (const char* key : {"feather", "snap"}) only(key, {Source::mask, Source::region});
    if (w_.source == Source::rule && !object_.contains("near") && !object_.contains("box") &&
        !object_.contains("texture"))
      fail_("", "found no place; expected mask, region, near, box, texture or map");
  }

  void color(const char* key, std::string& to) const {
    if (!object_.contains(key)) return;
    const json& v = object_[key];
    if (!v.is_string() || !is_color(v.get<std::string>()))
      fail_(key, fmt::format("found {}; expected a color such as \"#3060c0\"", v.dump()));
    to = v.get<std::string>();
  }

  float value(const char* key, const json& v, float low, float high) const {
    if (!v.is_number() || !(v.get<float>() >= low && v.get<float>() <= high))
      fail_(key, fmt::format("found {}; expected a number from {} to {}", v.dump(), format_number(low),
                             format_number(high)));
    return v.get<float>();
  }

  void number(const char* key, float low, float high, float& to) const {
    if (object_.contains(key)) to = value(key, object_[key], low, high);
  }

  void numbers(const char* key, float* to, int count) const {
    if (!object_.contains(key)) return;
    const json& v = object_[key];
    if (!v.is_array() || static_cast<int>(v.size()) != count)
      fail_(key, fmt::format("found {}; expected {} numbers from 0 to 1", v.dump(), count));
    for (int i = 0; i < count; ++i) to[i] = value(key, v[i], 0, 1);
    for (int i = 0; i < count / 2; ++i)
      if (to[i] > to[i + count / 2]) fail_(key, "found the lower end above the upper one");
  }

  void flag(const char* key, bool& to) const {
    if (!object_.contains(key)) return;
    if (!object_[key].is_boolean()) fail_(key, "expected true or false");
    to = object_[key].get<bool>();
  }

  const json& object_;
  const WhereFault& fail_;
  StepWhere w_;
};

}  // namespace

StepWhere read_where(const json& object, const WhereFault& fail) { return Reader(object, fail).read(); }

std::string print_where(const StepWhere& w) {
  const StepWhere usual;
  nlohmann::ordered_json j = nlohmann::ordered_json::object();
  if (w.source == Source::mask) j["mask"] = true;
  if (w.source == Source::region) j["region"] = w.kind.empty() ? "any" : w.kind;
  if (w.source == Source::learned) j["map"] = w.map;
  const auto exact = [](float v) { return nlohmann::ordered_json::parse(format_number(v)); };
  if (!w.mask_color.empty()) j["mask_color"] = w.mask_color;
  if (!w.near.empty()) j["near"] = w.near;
  if (w.within != usual.within) j["within"] = exact(w.within);
  const bool is_empty_rule =
      w.source == Source::rule && w.near.empty() && std::equal(w.texture, w.texture + 2, usual.texture);
  if (is_empty_rule || !std::equal(w.box, w.box + 4, usual.box))
    for (const float v : w.box) j["box"].push_back(exact(v));
  if (!std::equal(w.texture, w.texture + 2, usual.texture))
    for (const float v : w.texture) j["texture"].push_back(exact(v));
  if (w.feather != usual.feather) j["feather"] = exact(w.feather);
  if (w.snaps) j["snap"] = true;
  if (w.is_inverted) j["invert"] = true;
  return j.dump();
}

}  // namespace sfumato
