// SPDX-License-Identifier: Apache-2.0
#include "look/rules.h"

#include <algorithm>
#include <map>
#include <optional>

#include "look/where.h"

namespace sfumato {
namespace {

const Knob& knob_of(const LookStep& step, int value) {
  for (const Knob& k : step.op->knobs) {
    if (value < k.count) return k;
    value -= k.count;
  }
  return step.op->knobs.back();
}

float base_of(const Knob& k) { return k.dial ? k.neutral : k.initial(); }

class Rules : public Adapter {
 public:
  std::uint64_t hash() const override { return 0; }  // the look's text says it all

  Adapted adapt(const Look& look, const Analysis& photo) const override {
    Adapted out{with_places(look, photo), 1.0f};
    out.look.adapter = nullptr;
    std::optional<ScenePixels> pixels;
    std::map<std::string, float> measured;
    for (LookStep& step : out.look.steps) {
      for (const KnobRule& r : step.rules) {
        const SceneMeasure& measure = *find_scene_measure(r.from);
        const auto [found, is_new] = measured.try_emplace(r.from);
        if (is_new) {
          if (!pixels) pixels.emplace(photo);
          found->second = measure.of(*pixels);
        }
        const Knob& k = knob_of(step, r.value);
        const float base = base_of(k), correction = measure.correction(found->second, r.target);
        const float change = measure.kind == SceneMeasure::Kind::place ? correction - base : correction;
        step.values[r.value] = KnobValue::fixed(std::clamp(base + r.share * change, r.low, r.high));
      }
      step.rules.clear();
    }
    return out;
  }
};

}  // namespace

KnobRule usual_rule(int value, const std::string& from, const Knob& k) {
  return {value, from, find_scene_measure(from)->usual, 1.0f, k.min, k.max};
}

float resting_value(const KnobRule& r, const Knob& k) { return std::clamp(base_of(k), r.low, r.high); }

const KnobRule* rule_of(const LookStep& step, int value) {
  const auto found =
      std::find_if(step.rules.begin(), step.rules.end(), [&](const KnobRule& r) { return r.value == value; });
  return found == step.rules.end() ? nullptr : &*found;
}

bool has_rules(const Look& look) {
  return has_places(look) ||
         std::any_of(look.steps.begin(), look.steps.end(), [](const LookStep& s) { return !s.rules.empty(); });
}

void scale_rules(LookStep& step, float strength) {
  if (strength == 1.0f) return;
  for (KnobRule& r : step.rules) {
    const Knob& k = knob_of(step, r.value);
    if (!k.dial) continue;
    r.share *= strength;
    for (float* limit : {&r.low, &r.high})
      *limit = std::clamp(k.neutral + strength * (*limit - k.neutral), k.min, k.max);
  }
}

Look with_ranges_for_rules(const Look& look) {
  Look ranged = look;
  for (LookStep& step : ranged.steps) {
    for (const KnobRule& r : step.rules) {
      KnobValue& v = step.values[r.value];
      v = {r.low, std::clamp(v.preset, r.low, r.high), r.high};
    }
    step.rules.clear();
  }
  ranged.adapter = nullptr;
  return ranged;
}

std::shared_ptr<const Adapter> rules_adapter() {
  static const auto adapter = std::make_shared<const Rules>();
  return adapter;
}

std::vector<std::string> scene_measure_names() {
  std::vector<std::string> names;
  for (const SceneMeasure& m : scene_measures()) names.emplace_back(m.name);
  return names;
}

}  // namespace sfumato
