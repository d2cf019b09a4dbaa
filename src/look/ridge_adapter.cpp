// SPDX-License-Identifier: Apache-2.0
#include "look/ridge_adapter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/fnv.h"
#include "measure/descriptor.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

const Knob& knob_at(const LookStep& step, int value) {
  for (const Knob& k : step.op->knobs) {
    if (value < k.count) return k;
    value -= k.count;
  }
  return step.op->knobs.back();
}

}  // namespace

RidgeAdapter::RidgeAdapter(const TensorFile& file) {
  const Tensor& knobs = file.get("adapter.knobs", {-1, 2});
  for (std::size_t i = 0; i < knobs.values.size(); i += 2)
    model_.knobs.push_back({static_cast<int>(knobs.values[i]), static_cast<int>(knobs.values[i + 1])});
  model_.weights =
      file.get("adapter.weights", {static_cast<std::int64_t>(model_.knobs.size()), Descriptor::size}).values;
  model_.low = file.get("adapter.low", {static_cast<std::int64_t>(model_.knobs.size())}).values;
  model_.high = file.get("adapter.high", {static_cast<std::int64_t>(model_.knobs.size())}).values;
  for (std::size_t k = 0; k < model_.low.size(); ++k)
    if (!(model_.low[k] <= model_.high[k]))
      throw Error(
          Code::look,
          fmt::format("found the range {} to {} in the tensors 'adapter.low' and 'adapter.high'; expected low <= high",
                      model_.low[k], model_.high[k]));
  model_.mean = file.get("adapter.mean", {Descriptor::size}).values;
  model_.spread = file.get("adapter.spread", {Descriptor::key}).values;
  model_.photos = file.get("adapter.photos", {-1, Descriptor::key}).values;
  model_.usual_distance = file.get("adapter.usual_distance", {1}).values[0];
}

void RidgeAdapter::write(TensorFile& file) const {
  Tensor& knobs = file.tensors["adapter.knobs"];
  knobs.shape = {static_cast<std::int64_t>(model_.knobs.size()), 2};
  for (const AdaptedKnob& k : model_.knobs) {
    knobs.values.push_back(static_cast<float>(k.step));
    knobs.values.push_back(static_cast<float>(k.value));
  }
  file.tensors["adapter.weights"] = {{static_cast<std::int64_t>(model_.knobs.size()), Descriptor::size},
                                     model_.weights};
  file.tensors["adapter.low"] = {{static_cast<std::int64_t>(model_.low.size())}, model_.low};
  file.tensors["adapter.high"] = {{static_cast<std::int64_t>(model_.high.size())}, model_.high};
  file.tensors["adapter.mean"] = {{Descriptor::size}, model_.mean};
  file.tensors["adapter.spread"] = {{Descriptor::key}, model_.spread};
  file.tensors["adapter.photos"] = {
      {static_cast<std::int64_t>(model_.photos.size()) / Descriptor::key, Descriptor::key}, model_.photos};
  file.tensors["adapter.usual_distance"] = {{1}, {model_.usual_distance}};
}

std::vector<float> RidgeAdapter::predict(const std::vector<float>& descriptor, float* confidence) const {
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t photo = 0; photo < model_.photos.size(); photo += Descriptor::key) {
    double sum = 0;
    for (int i = 0; i < Descriptor::key; ++i) {
      const double d = (descriptor[i] - model_.photos[photo + i]) / model_.spread[i];
      sum += d * d;
    }
    nearest = std::min(nearest, std::sqrt(sum));
  }
  const double beyond = std::max(0.0, nearest / model_.usual_distance - 1);
  const double sure = std::exp2(-beyond);
  if (confidence) *confidence = static_cast<float>(sure);

  std::vector<float> changes(model_.knobs.size());
  for (std::size_t k = 0; k < changes.size(); ++k) {
    double sum = 0;
    for (int d = 0; d < Descriptor::size; ++d)
      sum += static_cast<double>(model_.weights[k * Descriptor::size + d]) * (descriptor[d] - model_.mean[d]);
    changes[k] = static_cast<float>(std::clamp<double>(sum, model_.low[k], model_.high[k]) * sure);
  }
  return changes;
}

Adapter::Adapted RidgeAdapter::adapt(const Look& look, const Analysis& photo) const {
  Adapted result{look, 1};
  result.look.adapter = nullptr;
  const std::vector<float> changes = predict(describe(photo), &result.confidence);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto [step, value] = model_.knobs[i];
    if (step < 0 || step >= static_cast<int>(look.steps.size()) || value < 0 ||
        value >= look.steps[step].op->value_count())
      throw Error(
          Code::look,
          fmt::format("found an adapter for value {} of step {}, which the look does not have; learn the look again",
                      value, step),
          look.id);
    const Knob& k = knob_at(look.steps[step], value);
    result.look.steps[step].values[value] =
        KnobValue::fixed(std::clamp(look.steps[step].values[value].preset + changes[i], k.min, k.max));
  }
  return result;
}

std::uint64_t RidgeAdapter::hash() const {
  TensorFile file;
  write(file);
  std::uint64_t h = fnv1a("ridge", 5);
  for (const auto& [name, tensor] : file.tensors) h = fnv1a(tensor.values, h);
  return h;
}

}  // namespace sfumato
