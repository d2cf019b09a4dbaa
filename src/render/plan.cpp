// SPDX-License-Identifier: Apache-2.0
#include "render/plan.h"

#include "ops/prepare.h"

namespace sfumato {
namespace {

// Every dialed knob at neutral: the operation is the identity.
bool is_neutral(const LookStep& step) {
  const KnobValue* v = step.values.data();
  for (const Knob& k : step.op->knobs)
    for (int i = 0; i < k.count; ++i, ++v)
      if (k.dial && v->preset != k.neutral) return false;
  return step.value_tables.empty();
}

class Planner {
 public:
  Planner(Plan::Steps& steps) : steps_(steps) { steps_.stages.emplace_back(); }

  void add(const LookStep& step) {
    steps_.is_local |= step.where.is_set() || !step.value_tables.empty();
    if (step.where.is_set() && !step.map) return;  // no photo: what is left is the part that all pixels share
    const int weight = step.map ? weight_row(step.map) : -1;
    const int op = static_cast<int>(step.op - catalog().data());
    std::vector<float> knobs;
    for (const KnobValue& v : step.values) knobs.push_back(v.preset);
    std::vector<float> coeffs = prepare_op(op, knobs);

    go_to(step.op->card.space);
    steps_.is_local |= step.op->is_local;
    if (step.op->is_canvas) {
      const auto [low, high] = sigma_range_op(op, coeffs);
      steps_.canvases.push_back({op, std::move(coeffs), low, high, weight});
      steps_.stages.emplace_back();
    } else {
      now().push_back(
          {PointStep::Kind::apply, op, std::move(coeffs), step.table, {}, {}, weight, offset_rows(step.value_tables)});
    }
  }

  // To the encoding of the output.
  void finish() {
    if (is_input_ && steps_.in == steps_.out) return;
    go_to(steps_.out ? Space::linear : Space::encoded);
    if (steps_.out) now().push_back({PointStep::Kind::encode_profile});
  }

 private:
  // Steps that share a plane or a table share its rows.
  int weight_row(const StepMap& map) {
    int row = 0;
    for (const WeightSource& s : steps_.weights) {
      if (s.plane == map.plane && s.table == map.table) return row + map.channel;
      row += s.rows();
    }
    steps_.weights.push_back({map.plane, map.table});
    steps_.weight_rows = row + steps_.weights.back().rows();
    return row + map.channel;
  }

  std::vector<int> offset_rows(const std::vector<std::shared_ptr<const CubeTable>>& tables) {
    std::vector<int> rows;
    for (const auto& table : tables)
      for (int channel = 0; channel < 3; ++channel) rows.push_back(weight_row({nullptr, table, channel}));
    return rows;
  }

  std::vector<PointStep>& now() { return steps_.stages.back(); }

  void go_to(Space space) {
    if (is_input_ && steps_.in) {
      now().push_back({PointStep::Kind::decode_profile});
      space_ = Space::linear;
    }
    is_input_ = false;
    if (space == space_) return;
    PointStep convert{PointStep::Kind::convert};
    convert.from = space_;
    convert.to = space;
    now().push_back(convert);
    space_ = space;
  }

  Plan::Steps& steps_;
  Space space_ = Space::encoded;
  bool is_input_ = true;  // still in the encoding of the input
};

}  // namespace

Plan::Plan(const Look& look, std::shared_ptr<const ProfileMap> in, std::shared_ptr<const ProfileMap> out) {
  auto steps = std::make_shared<Steps>();
  if (in && !in->is_srgb()) steps->in = std::move(in);
  if (out && !out->is_srgb()) steps->out = std::move(out);
  Planner planner(*steps);
  for (const LookStep& step : look.steps)
    if (!is_neutral(step)) planner.add(step);
  planner.finish();
  steps_ = std::move(steps);
}

bool Plan::is_point() const { return steps_->canvases.empty(); }
bool Plan::is_identity() const { return is_point() && steps_->stages[0].empty(); }
bool Plan::is_local() const { return steps_->is_local; }

}  // namespace sfumato
