// SPDX-License-Identifier: Apache-2.0
#include "look/recipe.h"

#include <algorithm>

#include "base/fnv.h"
#include "base/text.h"
#include "look/adapter.h"
#include "look/table_hash.h"

namespace sfumato {
namespace {

std::uint64_t hash_text(const std::string& text, std::uint64_t seed) { return fnv1a(text.data(), text.size(), seed); }

std::uint64_t hash_look(const Look& look, std::uint64_t seed) {
  std::uint64_t h = hash_text(print_look(look), seed);
  for (const LookStep& step : look.steps)
    if (step.table) h = hash_table(*step.table, h);
  return h;
}

}  // namespace

bool LookRecipe::is_adaptive() const {
  return std::any_of(looks.begin(), looks.end(), [](const Look& look) { return look.adapter != nullptr; });
}

LookRecipe::Resolved LookRecipe::resolve(const Analysis* photo) const {
  Resolved result;
  std::vector<Look> plain;
  for (const Look& look : looks) {
    Adapter::Adapted one{look, 1};
    if (look.adapter && photo) one = look.adapter->adapt(look, *photo);
    one.look.adapter = nullptr;
    result.confidence = std::min(result.confidence, one.confidence);
    plain.push_back(with_strength(one.look, strength));
  }
  if (!plain.empty()) result.look = stacked(plain);
  for (const std::string& setting : settings) set_knob(result.look, setting);
  result.look.adapter = nullptr;
  if (result.look.id.empty()) result.look.id = settings.empty() ? "none" : "custom";
  return result;
}

Look LookRecipe::open() const {
  std::vector<Look> dialed;
  for (const Look& look : looks) dialed.push_back(with_strength(look, strength));
  Look all;
  if (!dialed.empty()) all = stacked(dialed);
  for (const std::string& setting : settings) set_knob(all, setting);
  if (all.id.empty()) all.id = "custom";
  return all;
}

std::uint64_t LookRecipe::hash() const {
  std::uint64_t h = hash_look(resolve().look, fnv1a("", 0));
  if (!is_adaptive()) return h;
  for (const Look& look : looks) {
    h = hash_look(look, h);
    if (!look.adapter) continue;
    const std::uint64_t content = look.adapter->hash();
    h = fnv1a(&content, sizeof content, h);
  }
  h = hash_text(format_number(strength), h);
  for (const std::string& setting : settings) h = hash_text(setting + "\n", h);
  return h;
}

}  // namespace sfumato
