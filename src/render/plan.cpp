// SPDX-License-Identifier: Apache-2.0
#include "render/plan.h"

#include <fmt/format.h>

#include <functional>

#include "base/text.h"
#include "ops/prepare.h"
#include "sfumato/error.h"

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

bool is_whole(const CubeTable& t) {
  const auto n = static_cast<std::size_t>(t.size);
  return t.size >= 2 && t.size <= CubeTable::most && t.nodes.size() == 4 * n * n * n;
}

// Looks are plain structs that anybody may fill.
void check_step(const LookStep& step, const std::string& look) {
  const auto refuse = [&](const std::string& text) { throw Error(Code::look, text, look); };
  const auto ops = catalog();
  if (!step.op || std::less<>()(step.op, ops.data()) || !std::less<>()(step.op, ops.data() + ops.size()))
    refuse("found a step without an operation of the catalog; find_op() finds them");
  const std::string id = step.op->card.id;
  if (static_cast<int>(step.values.size()) != step.op->value_count())
    refuse(fmt::format("{}: found {} values; expected {}", id, step.values.size(), step.op->value_count()));
  const KnobValue* v = step.values.data();
  for (const Knob& k : step.op->knobs)
    for (int i = 0; i < k.count; ++i, ++v)
      if (!(v->preset >= k.min && v->preset <= k.max))
        refuse(fmt::format("{}.{}: found {}; expected a number from {} to {}", id, k.name, v->preset,
                           format_number(k.min), format_number(k.max)));
  if (step.op->card.resource && (!step.table || !is_whole(*step.table)))
    refuse(fmt::format("{}: found no whole table; expected that of a LUT file, as find_look() makes one", id));
  if (step.where.is_set() && !step.map)
    refuse(fmt::format("{}: works in places of a photo, which are not found yet; for_photo() finds them", id));
}

class Planner {
 public:
  Planner(Plan::Steps& steps) : steps_(steps) { steps_.stages.emplace_back(); }

  void add(const LookStep& step) {
    steps_.is_local |= step.where.is_set() || !step.value_tables.empty();
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
  if (look.adapter) throw Error(Code::look, "adapts to each photo; for_photo() makes it the look for one", look.id);
  auto steps = std::make_shared<Steps>();
  if (in && !in->is_srgb()) steps->in = std::move(in);
  if (out && !out->is_srgb()) steps->out = std::move(out);
  Planner planner(*steps);
  for (const LookStep& step : look.steps) {
    check_step(step, look.id);
    if (!is_neutral(step)) planner.add(step);
  }
  planner.finish();
  steps_ = std::move(steps);
}

bool Plan::is_point() const { return steps_->canvases.empty(); }
bool Plan::is_identity() const { return is_point() && steps_->stages[0].empty(); }
bool Plan::is_local() const { return steps_->is_local; }

}  // namespace sfumato
