// SPDX-License-Identifier: Apache-2.0
#include "grade/adapt_pairs.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <string_view>

#include "lane/scalar.h"
#include "look/values.h"
#include "render/colors.h"

namespace sfumato {
namespace {

struct Named {
  int step;
  const char* knob;
  float unit;
};

constexpr const char* steps[]{"exposure", "white_balance", "saturation", "tone_curve"};
constexpr Named knobs[]{{0, "stops", 0.5f},    {1, "temperature", 30}, {1, "tint", 30},         {2, "amount", 0.2f},
                        {2, "vibrance", 0.1f}, {3, "contrast", 0.1f},  {3, "highlights", 0.5f}, {3, "shadows", 0.5f}};
constexpr int count = std::size(knobs);

// The samples' errors through a look, channel by channel, weighted; then the knobs' distance from what is expected.
class Objective {
 public:
  Objective(const Samples& samples, const Look& shared, const std::vector<float>& expected)
      : samples_(samples), look_(shared), expected_(expected) {
    // Errors of this size in all of the picture weigh as much as knobs of about one unit.
    constexpr double usual_error = 0.02, independent_colors = 100;
    double all = 0;
    for (const float c : samples.count) all += c;
    for (const float c : samples.count) weight_.push_back(std::sqrt(c / all * independent_colors) / usual_error);
    look_.steps.insert(look_.steps.begin(), std::size(steps), {});
  }

  Eigen::VectorXd operator()(const std::vector<float>& units) {
    const std::vector<LookStep> front = adapting_steps(units);
    std::copy(front.begin(), front.end(), look_.steps.begin());
    const std::vector<Color> out = render_colors(Plan(look_), samples_.before);
    Eigen::VectorXd errors(3 * out.size() + count);
    auto inside = [](float v) { return clamp(v, 0.0f, 1.0f); };
    for (std::size_t i = 0; i < out.size(); ++i) {
      errors[3 * i] = weight_[i] * (inside(out[i].r) - samples_.after[i].r);
      errors[3 * i + 1] = weight_[i] * (inside(out[i].g) - samples_.after[i].g);
      errors[3 * i + 2] = weight_[i] * (inside(out[i].b) - samples_.after[i].b);
    }
    for (int k = 0; k < count; ++k) errors[3 * out.size() + k] = units[k] - expected_[k];
    return errors;
  }

 private:
  const Samples& samples_;
  Look look_;
  std::vector<float> expected_;
  std::vector<double> weight_;
};

}  // namespace

std::vector<LookStep> adapting_steps() {
  std::vector<LookStep> all;
  for (const char* op : steps) {
    all.push_back(initial_step(*find_op(op)));
  }
  return all;
}

const std::vector<AdaptingKnob>& adapting_knobs() {
  static const std::vector<AdaptingKnob> all = [] {
    std::vector<AdaptingKnob> found;
    for (const Named& n : knobs) {
      int value = 0;
      for (const Knob& k : find_op(steps[n.step])->knobs) {
        if (std::string_view(k.name) == n.knob) found.push_back({{n.step, value}, n.unit});
        value += k.count;
      }
    }
    return found;
  }();
  return all;
}

std::vector<LookStep> adapting_steps(const std::vector<float>& units) {
  std::vector<LookStep> all = adapting_steps();
  for (int k = 0; k < count; ++k) {
    const auto& [at, unit] = adapting_knobs()[k];
    const OpInfo& op = *all[at.step].op;
    const auto knob = std::find_if(op.knobs.begin(), op.knobs.end(),
                                   [&](const Knob& one) { return std::string_view(one.name) == knobs[k].knob; });
    all[at.step].values[at.value] = KnobValue::fixed(clamp(units[k] * unit, knob->min, knob->max));
  }
  return all;
}

std::vector<float> fit_knobs(const Samples& samples, const Look& shared, const std::vector<float>& expected) {
  Objective objective(samples, shared, expected);
  std::vector<float> units = expected;
  Eigen::VectorXd errors = objective(units);
  double damping = 0.1;
  for (int round = 0; round < 10; ++round) {
    Eigen::MatrixXd slope(errors.size(), count);
    for (int k = 0; k < count; ++k) {
      constexpr float h = 0.02f;
      std::vector<float> moved = units;
      moved[k] += h;
      slope.col(k) = (objective(moved) - errors) / h;
    }
    const Eigen::MatrixXd normal = slope.transpose() * slope + damping * Eigen::MatrixXd::Identity(count, count);
    const Eigen::VectorXd step = normal.llt().solve(-slope.transpose() * errors);
    std::vector<float> next = units;
    for (int k = 0; k < count; ++k) next[k] = std::clamp(units[k] + static_cast<float>(step[k]), -6.0f, 6.0f);
    const Eigen::VectorXd after = objective(next);
    if (after.squaredNorm() < errors.squaredNorm()) {
      const bool is_done = step.norm() < 0.01;
      units = next;
      errors = after;
      damping *= 0.2;
      if (is_done) break;
    } else {
      damping = damping * 10 + 0.1;
    }
  }
  return units;
}

Samples adapted(const Samples& samples, const std::vector<float>& units) {
  Samples result = samples;
  Look front;
  front.steps = adapting_steps(units);
  result.before = render_colors(Plan(front), samples.before);
  return result;
}

}  // namespace sfumato
