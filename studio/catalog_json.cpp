// SPDX-License-Identifier: Apache-2.0
#include "catalog_json.h"

#include "files/picture_file.h"
#include "look/describe.h"
#include "sample_scene.h"
#include "sfumato/version.h"

namespace sfumato {
namespace {

nlohmann::json look_json(const LookShelf& looks, const std::string& name, bool is_own) {
  const auto look = looks.find(name);
  return {{"name", name},         {"title", look->title},
          {"about", look->about}, {"adaptive", look->adapter != nullptr},
          {"own", is_own},        {"look", nlohmann::json::parse(print_look(*look))}};
}

nlohmann::json formats_json() {
  nlohmann::json all = nlohmann::json::array();
  for (const std::string& name : output_formats()) {
    SaveOptions options;
    options.format = name;
    nlohmann::json bits = nlohmann::json::array();
    for (const Sample s : {Sample::u8, Sample::u16, Sample::f32})
      if (output_sample(options, {}, s) == s) bits.push_back(8 * bytes_of(s));
    all.push_back({{"name", name}, {"bits", bits}, {"quality", has_quality(name)}});
  }
  return all;
}

}  // namespace

nlohmann::json catalog_json(const LookShelf& looks) {
  nlohmann::json all{{"version", version()}, {"formats", formats_json()}};
  for (const OpInfo& op : catalog()) {
    nlohmann::json described = describe(op);
    described["sentence"] = op.card.about;
    described["shape"] = op.is_canvas ? "canvas" : "point";
    all["operations"].push_back(described);
  }
  for (const std::string& name : looks.own_names()) {
    // One that another version wrote is left out, not in the way.
    try {
      all["looks"].push_back(look_json(looks, name, true));
    } catch (const std::exception&) {
    }
  }
  for (const std::string& name : look_names()) all["looks"].push_back(look_json(looks, name, false));
  for (const SampleScene& scene : sample_scenes())
    all["samples"].push_back({{"name", scene.name}, {"title", scene.title}});
  return all;
}

}  // namespace sfumato
