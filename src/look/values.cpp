// SPDX-License-Identifier: Apache-2.0
#include "look/values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "lane/cube.h"
#include "look/rules.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// Splits "op.knob[.index]" and finds the knob; offset counts into LookStep::values.
struct Target {
  const OpInfo* op;
  const Knob* knob;
  int offset;
  int index = -1;  // of an array knob; -1: all of it
};

Target find_target(std::string_view setting, std::string_view name) {
  const std::string where(setting);
  const auto dot = name.find('.');
  const std::string id(name.substr(0, dot));
  const OpInfo* op = find_op(id);
  if (!op) throw Error(Code::usage, unknown_name("operation", id, op_ids()), where);

  std::string_view rest = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
  const auto second = rest.find('.');
  const std::string knob_name(rest.substr(0, second));
  Target t{op, nullptr, 0};
  std::vector<std::string> known;
  for (const Knob& k : op->knobs) {
    if (knob_name == k.name) {
      t.knob = &k;
      break;
    }
    t.offset += k.count;
    known.push_back(k.name);
  }
  if (!t.knob) throw Error(Code::usage, unknown_name("knob", knob_name, known), where);

  if (second != std::string_view::npos) {
    const auto index = parse_integer(rest.substr(second + 1));
    if (!index || *index < 0 || *index >= t.knob->count)
      throw Error(Code::usage,
                  fmt::format("found index '{}'; expected 0 to {}", rest.substr(second + 1), t.knob->count - 1), where);
    t.index = static_cast<int>(*index);
  }
  return t;
}

std::vector<float> parse_values(std::string_view setting, std::string_view text, const Target& t) {
  std::vector<float> values;
  for (std::string_view part : split_words(text, ',')) {
    const auto v = parse_float(part);
    if (!v || !(*v >= t.knob->min && *v <= t.knob->max))
      throw Error(Code::usage,
                  fmt::format("found '{}'; expected a number from {} to {}", part, format_number(t.knob->min),
                              format_number(t.knob->max)),
                  std::string(setting));
    values.push_back(*v);
  }
  const std::size_t wanted = t.index >= 0 ? 1 : t.knob->count;
  if (values.size() != wanted && values.size() != 1)
    throw Error(Code::usage, fmt::format("found {} values; expected {}", values.size(), wanted), std::string(setting));
  return values;
}

std::shared_ptr<const CubeTable> scaled(const CubeTable& table, float strength) {
  CubeTable result = table;
  for (float& v : result.nodes) v *= strength;
  return std::make_shared<const CubeTable>(std::move(result));
}

}  // namespace

LookStep initial_step(const OpInfo& op) {
  LookStep s{&op, {}, {}, nullptr, {}};
  for (const Knob& k : op.knobs) s.values.insert(s.values.end(), k.count, KnobValue::fixed(k.initial()));
  return s;
}

std::vector<std::string> op_ids() {
  std::vector<std::string> ids;
  for (const OpInfo& op : catalog()) ids.push_back(op.card.id);
  return ids;
}

std::string unknown_name(const std::string& kind, const std::string& found, const std::vector<std::string>& known) {
  const std::string near = nearest_name(found, known);
  return fmt::format("found the {} '{}'; {}expected one of {}", kind, found,
                     near.empty() ? "" : fmt::format("did you mean '{}'? ", near), fmt::join(known, ", "));
}

Look with_strength(const Look& look, float strength) {
  if (!(strength >= 0.0f && strength <= 1.5f))
    throw Error(Code::usage, fmt::format("found {}; expected 0 to 1.5", strength), "strength");
  Look result = look;
  for (LookStep& step : result.steps) {
    scale_rules(step, strength);
    if (strength == 0.0f) step.value_tables.clear();
    if (strength != 1.0f)
      for (auto& table : step.value_tables) table = scaled(*table, strength);
    KnobValue* v = step.values.data();
    for (const Knob& k : step.op->knobs)
      for (int i = 0; i < k.count; ++i, ++v)
        for (float* part : {&v->low, &v->preset, &v->high})
          // At strength 1 the arithmetic must not move a value by one bit.
          if (k.dial && strength != 1.0f) *part = std::clamp(k.neutral + strength * (*part - k.neutral), k.min, k.max);
  }
  return result;
}

void set_knob(Look& look, std::string_view setting) {
  const auto equals = setting.find('=');
  if (equals == std::string_view::npos) throw Error(Code::usage, "expected op.knob=value", std::string(setting));
  const Target t = find_target(setting, setting.substr(0, equals));
  const std::vector<float> values = parse_values(setting, setting.substr(equals + 1), t);

  bool found = false;
  for (const LookStep& s : look.steps) found = found || s.op == t.op;
  if (!found) {
    if (t.op->card.resource)
      throw Error(Code::usage, fmt::format("{} needs a file; name the file with --look", t.op->card.id),
                  std::string(setting));
    look.steps.push_back(initial_step(*t.op));
  }
  for (LookStep& s : look.steps) {
    if (s.op != t.op) continue;
    const int first = t.index >= 0 ? t.index : 0, count = t.index >= 0 ? 1 : t.knob->count;
    for (int i = 0; i < count; ++i)
      s.values[t.offset + first + i] = KnobValue::fixed(values[values.size() == 1 ? 0 : i]);
    const int from = t.offset + first;
    std::erase_if(s.rules, [&](const KnobRule& r) { return r.value >= from && r.value < from + count; });
  }
}

Look stacked(std::span<const Look> looks) {
  if (looks.size() == 1) return looks[0];
  Look all;
  for (const Look& look : looks) {
    auto join = [&](std::string& to, const std::string& part, const char* between) {
      to += (to.empty() ? "" : between) + part;
    };
    join(all.id, look.id, "+");
    join(all.title, look.title, " + ");
    all.steps.insert(all.steps.end(), look.steps.begin(), look.steps.end());
  }
  if (has_rules(all)) all.adapter = rules_adapter();
  return all;
}

}  // namespace sfumato
