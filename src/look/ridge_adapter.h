// SPDX-License-Identifier: Apache-2.0
// A look some of whose knobs are linear in the photo's descriptor.
#pragma once

#include <vector>

#include "files/safetensors.h"
#include "look/adapter.h"

namespace sfumato {

// A knob of the look: step and place in LookStep::values.
struct AdaptedKnob {
  int step, value;
  bool operator==(const AdaptedKnob&) const = default;
};

// knob += confidence * clamp(sum over d of weights[knob][d] * (descriptor[d] - mean[d]), low, high), kept in its range.
// confidence: 1 up to `usual_distance` of the descriptor's key numbers from those learned from (in standard deviations,
// to the nearest photo), halved at each further one.
struct RidgeModel {
  std::vector<AdaptedKnob> knobs;
  std::vector<float> weights;    // knobs x Descriptor::size
  std::vector<float> mean;       // Descriptor::size
  std::vector<float> low, high;  // knobs: the changes that were learned from; predictions stay between
  std::vector<float> spread;     // Descriptor::key: standard deviations
  std::vector<float> photos;     // N x Descriptor::key
  float usual_distance = 1;
};

class RidgeAdapter : public Adapter {
 public:
  explicit RidgeAdapter(RidgeModel model) : model_(std::move(model)) {}
  // Throws Code::look: tensors of other shapes.
  explicit RidgeAdapter(const TensorFile&);

  Adapted adapt(const Look&, const Analysis&) const override;
  std::uint64_t hash() const override;

  // The changes of the knobs for a descriptor, before their ranges, and the confidence.
  std::vector<float> predict(const std::vector<float>& descriptor, float* confidence = nullptr) const;
  const RidgeModel& model() const { return model_; }
  void write(TensorFile&) const;

 private:
  RidgeModel model_;
};

}  // namespace sfumato
