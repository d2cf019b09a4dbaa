// SPDX-License-Identifier: Apache-2.0
#include "wish.h"

#include "base/text.h"
#include "http.h"
#include "look/adapter.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr std::size_t most_looks = 16;

}  // namespace

void Wishes::add_look(Wish& wish, const nlohmann::json& look) const {
  if (look.is_string()) {
    const std::string name = look;
    wish.recipe.looks.push_back(*looks_.find(name));
    wish.names.push_back(name);
    wish.keys.push_back("name " + name);
    return;
  }
  if (!look.is_object()) throw HttpError(400, "usage", "expected names of looks, or looks", "looks");
  const std::string text = look.dump();
  wish.recipe.looks.push_back(looks_.parse(text, "look"));
  wish.names.emplace_back();
  wish.keys.push_back("text " + text);
}

Wish Wishes::read(const nlohmann::json& json) const {
  Wish wish;
  if (json.contains("photo") && !json["photo"].is_null()) wish.photo = photos_.find(json.at("photo"));
  const auto& looks = json.at("looks");
  if (!looks.is_array() || looks.size() > most_looks)
    throw HttpError(400, "usage", "expected a list of at most " + std::to_string(most_looks) + " looks", "looks");
  for (const auto& look : looks) add_look(wish, look);
  wish.recipe.strength = json.value("strength", 1.0f);
  wish.recipe.settings = json.value("settings", std::vector<std::string>{});
  return wish;
}

Look Wishes::resolve(const Wish& wish) {
  LookRecipe recipe = wish.recipe;
  if (wish.photo)
    for (std::size_t i = 0; i < recipe.looks.size(); ++i) {
      Look& look = recipe.looks[i];
      if (!look.adapter) continue;
      look = *adapted_.get(wish.photo->id + " " + wish.keys[i], [&] {
        Look adapted = look.adapter->adapt(look, *pictures_.analysis(*wish.photo)).look;
        adapted.adapter = nullptr;
        return adapted;
      });
    }
  return recipe.resolve().look;
}

nlohmann::json Wishes::steps(const Wish& wish) {
  Wish full = wish;
  full.recipe.strength = 1;
  Look look = resolve(full);
  for (LookStep& step : look.steps) {
    if (step.table) step.file = looks_.keep_table(*step.table);
    for (KnobValue& value : step.values) value = KnobValue::fixed(value.preset);
    step.rules.clear();
  }
  return nlohmann::json::parse(print_look(look)).at("steps");
}

std::vector<std::string> Wishes::arguments(const Wish& wish) const {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < wish.names.size(); ++i)
    words.insert(words.end(), {"--look", wish.names[i].empty() ? looks_.keep_text(wish.recipe.looks[i])
                                                               : looks_.argument(wish.names[i])});
  if (wish.recipe.strength != 1 && !wish.names.empty())
    words.insert(words.end(), {"--strength", format_number(wish.recipe.strength)});
  for (const std::string& setting : wish.recipe.settings) words.insert(words.end(), {"--set", setting});
  return words;
}

}  // namespace sfumato
