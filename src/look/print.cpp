// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "look/rules.h"
#include "look/where_text.h"
#include "sfumato/look.h"

namespace sfumato {
namespace {

std::string quoted(const std::string& text) {
  // Bytes that are not UTF-8 are replaced: JSON cannot carry them.
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string print_value(const KnobValue& v) {
  if (!v.is_range()) return format_number(v.preset);
  return fmt::format("[{}, {}, {}]", format_number(v.low), format_number(v.preset), format_number(v.high));
}

std::string print_rule(const KnobRule& r, const Knob& k) {
  std::string text = fmt::format("{{\"from\": {}", quoted(r.from));
  const KnobRule usual = usual_rule(r.value, r.from, k);
  auto member = [&](const char* name, float value, float otherwise) {
    if (value != otherwise) text += fmt::format(", \"{}\": {}", name, format_number(value));
  };
  member("target", r.target, usual.target);
  member("share", r.share, usual.share);
  member("low", r.low, usual.low);
  member("high", r.high, usual.high);
  return text + "}";
}

std::string print_value(const LookStep& step, int at, const Knob& k) {
  const KnobRule* rule = rule_of(step, at);
  return rule ? print_rule(*rule, k) : print_value(step.values[at]);
}

bool is_initial(const LookStep& step, int at, const Knob& k) {
  for (int i = at; i < at + k.count; ++i)
    if (rule_of(step, i) || step.values[i].is_range() || step.values[i].preset != k.initial()) return false;
  return true;
}

std::string print_step(const LookStep& step) {
  std::string text = fmt::format("{{\"op\": {}", quoted(step.op->card.id));
  if (step.op->card.resource) text += fmt::format(", {}: {}", quoted(step.op->card.resource), quoted(step.file));
  int at = 0;
  for (const Knob& k : step.op->knobs) {
    if (!is_initial(step, at, k)) {
      text += fmt::format(", {}: ", quoted(k.name));
      if (k.count == 1) {
        text += print_value(step, at, k);
      } else {
        text += "[";
        for (int i = 0; i < k.count; ++i) text += (i ? ", " : "") + print_value(step, at + i, k);
        text += "]";
      }
    }
    at += k.count;
  }
  if (step.where.is_set()) text += ", \"where\": " + print_where(step.where);
  return text + "}";
}

}  // namespace

std::string print_look(const Look& look) {
  std::string text = "{\n  \"sfumato\": 1,\n";
  text += fmt::format("  \"title\": {},\n", quoted(look.title));
  if (!look.about.empty()) text += fmt::format("  \"about\": {},\n", quoted(look.about));
  if (!look.origin.empty()) text += fmt::format("  \"origin\": {},\n", quoted(look.origin));
  text += "  \"steps\": [\n";
  for (std::size_t i = 0; i < look.steps.size(); ++i)
    text += fmt::format("    {}{}\n", print_step(look.steps[i]), i + 1 < look.steps.size() ? "," : "");
  return text + "  ]\n}\n";
}

}  // namespace sfumato
