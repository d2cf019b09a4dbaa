// SPDX-License-Identifier: Apache-2.0
#include "learner/first_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "look/ridge_adapter.h"

namespace sfumato {
namespace {

bool are_near(const LookStep& a, const LookStep& b) {
  constexpr float near = 0.02f;
  for (std::size_t i = 0; i < a.values.size(); ++i)
    if (std::abs(a.values[i].preset - b.values[i].preset) > near) return false;
  return true;
}

}  // namespace

bool FirstSteps::put(const std::string& name, std::optional<LookStep> step) {
  const auto known = std::ranges::find(all_, name, &Found::name);
  const bool was_found = known != all_.end();
  const bool is_same = step.has_value() == was_found && (!step || are_near(*step, known->step));
  if (was_found) all_.erase(known);
  if (step) all_.insert(all_.begin(), {name, *std::move(step)});
  return !is_same;
}

std::vector<LookStep> FirstSteps::steps(const std::string& but) const {
  std::vector<LookStep> steps;
  for (const Found& f : all_)
    if (f.name != but) steps.push_back(f.step);
  return steps;
}

Look FirstSteps::before(Look look, const std::string& but) const {
  const std::vector<LookStep> first = steps(but);
  look.steps.insert(look.steps.begin(), first.begin(), first.end());
  if (const auto* ridge = dynamic_cast<const RidgeAdapter*>(look.adapter.get())) {
    RidgeModel model = ridge->model();
    for (AdaptedKnob& k : model.knobs) k.step += static_cast<int>(first.size());
    look.adapter = std::make_shared<RidgeAdapter>(std::move(model));
  }
  return look;
}

std::vector<std::string> FirstSteps::notes() const {
  std::vector<std::string> notes;
  for (const Found& f : all_) notes.push_back("found " + f.name + ": " + text_of(f.step));
  return notes;
}

std::string text_of(const LookStep& step) {
  std::string text = step.op->card.title;
  const KnobValue* v = step.values.data();
  for (const Knob& k : step.op->knobs)
    for (int i = 0; i < k.count; ++i, ++v) text += fmt::format(", {} {:.3g}", k.name, v->preset);
  return text;
}

}  // namespace sfumato
