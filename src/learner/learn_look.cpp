// SPDX-License-Identifier: Apache-2.0
#include "learner/learn_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "grade/focus_estimate.h"
#include "grade/grain_estimate.h"
#include "grade/trial.h"
#include "grade/vignette_estimate.h"
#include "learner/first_steps.h"
#include "look/recipe.h"
#include "sfumato/error.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

using nlohmann::json;

class Work {
 public:
  Work(const PairSet& set, const LearnOptions& o, const LearnProgress& progress)
      : set_(set), o_(o), progress_(progress) {}

  LearnedLook run() {
    if (o_.model != LearnModel::network) learn_closed();
    if (wants_network()) learn_network();
    if (may_have_maps() && wants_local(o_.local, count())) learn_maps();
    if (!has_closed_colors()) first_.clear();  // they have learned it themselves
    if (o_.finds_focus && !has("tilt_shift") && !is_local_) find_focus();
    add_first();
    if (o_.finds_grain && !has("grain")) find_grain();
    tell_of_contradiction();
    if (out_.look.title.empty()) out_.look.title = "Learned look";
    say(1.0, "done");
    return std::move(out_);
  }

 private:
  int count() const { return static_cast<int>(set_.pairs.size()); }

  void say(double share, const std::string& what) const {
    if (progress_ && !progress_(share, what))
      throw Error(Code::stopped, "stopped while " + what + "; the same command starts anew");
  }

  bool has(const char* op) const {
    return std::any_of(out_.look.steps.begin(), out_.look.steps.end(),
                       [&](const LookStep& s) { return s.op == find_op(op); });
  }

  void learn_closed() {
    const double part = wants_network() ? 0.2 : 0.7;
    if (o_.finds_vignette) {
      say(0, "looking for " + a_vignette);
      first_.put(a_vignette, estimate_vignette(set_.pairs));
    }
    learn_colors([&](double share, const std::string& what) { say(part * share, what); });
    if (o_.finds_vignette) find_first(a_vignette, part, [&] { return estimate_vignette(set_.pairs, out_.look); });
  }

  void learn_colors(const std::function<void(double, const std::string&)>& progress) {
    GradeOptions o = o_.grade;
    o.first.steps = first_.steps();
    Learned learned = learn_grade(set_, o, progress);
    // What else was tried stays in the report.
    auto& rows = learned.report.models;
    const auto closed = rows.size();
    rows.insert(rows.end(), out_.grade.models.begin() + closed_rows_, out_.grade.models.end());
    closed_rows_ = static_cast<std::ptrdiff_t>(closed);
    out_.look = std::move(learned.look);
    out_.grade = std::move(learned.report);
  }

  // A step before the colors, which were learned across it, or behind what it seemed to be: they again behind it, and
  // it again before them.
  template <class Estimate>
  void find_first(const std::string& what, double share, const Estimate& estimate) {
    constexpr int most_rounds = 2;
    for (int round = 0;; ++round) {
      say(share, "looking for " + what);
      const bool has_changed = first_.put(what, estimate());
      if (!has_changed || round == most_rounds || !has_closed_colors()) return;
      learn_colors([&](double, const std::string&) { say(share, "learning colors behind " + what); });
    }
  }

  void add_first() {
    if (out_.grade.chosen == "identity") first_.clear();
    out_.look = first_.before(std::move(out_.look));
    for (std::string& note : first_.notes()) out_.notes.push_back(std::move(note));
  }

  bool has_closed_colors() const { return !is_local_ && out_.grade.chosen != "network"; }

  bool wants_network() const {
    return o_.model == LearnModel::network || (o_.model == LearnModel::automatic && count() >= fewest_pairs_for_net);
  }

  void learn_network() {
    const bool is_only = o_.model == LearnModel::network;
    const double from = is_only ? 0.0 : 0.2;
    try {
      out_.trained = learner().train(o_.network_look, set_.pairs, o_.train, [&](const TrainPoint& p, int steps) {
        if (!progress_) return true;
        return progress_(from + (0.8 - from) * p.step / steps,
                         fmt::format("training the network: step {} of {}, loss {:.4f}", p.step, steps, p.loss));
      });
    } catch (const Error& e) {
      // Without the module the closed forms stand by themselves.
      if (is_only || e.code() != Code::resource) throw;
      out_.notes.push_back(fmt::format("no network was tried: {}", e.what()));
      return;
    }
    judge_network(is_only);
  }

  // On the pairs that its training did not see, against the closed form that left the same ones out.
  void judge_network(bool is_only) {
    GradeReport::Model row{"network", 1, is_only, "the only one that was asked for", 0, 0};
    const std::set<std::string> held_out(out_.trained->held_out.begin(), out_.trained->held_out.end());
    double other = 0, input = 0;
    int seen = 0;
    for (const Pair& pair : set_.pairs) {
      if (!held_out.empty() && !held_out.count(pair.name)) continue;
      const TrialPair trial(pair);
      if (trial.before.empty()) continue;
      const double error = trial.error_in(
          rendered(Plan(LookRecipe{{out_.trained->look}}.resolve(&trial.analysis).look), pair.before.view()));
      row.mean_error += error, input += trial.input_error(), ++seen;
      row.worst_ratio = std::max(row.worst_ratio, error / std::max(trial.input_error(), 0.1));
      for (const auto& p : out_.grade.pairs)
        if (p.name == pair.name)
          other += out_.grade.chosen == "adaptive" ? p.left_out_adaptive
                   : out_.grade.chosen == "static" ? p.left_out_static
                                                   : p.start;
    }
    row.mean_error /= std::max(seen, 1), other /= std::max(seen, 1), input /= std::max(seen, 1);
    if (!is_only) {
      row.is_accepted = row.mean_error < (1 - o_.grade.least_gain) * other && row.worst_ratio <= o_.grade.worst_allowed;
      row.reason = fmt::format("on {} pairs that training did not see: error {:.3f} against {:.3f} of {}{}", seen,
                               row.mean_error, other, out_.grade.chosen,
                               row.worst_ratio > o_.grade.worst_allowed ? "; one came out worse than its input" : "");
    } else {
      out_.grade.models.push_back({"identity", 1, false, "", input, 1});
      // Never worse than doing nothing.
      row.is_accepted = row.mean_error < input;
      if (!row.is_accepted) row.reason = "worse than doing nothing on pairs that training did not see";
    }
    if (row.is_accepted) {
      out_.look = out_.trained->look;
      out_.grade.chosen = row.name;
    } else if (is_only) {
      out_.grade.chosen = "identity";
    }
    out_.grade.models.push_back(std::move(row));
  }

  void tell_of_contradiction() {
    constexpr double much = 0.03;
    if (out_.grade.chosen != "static" || out_.grade.contradiction < much) return;
    out_.notes.push_back(fmt::format(
        "the edits contradict each other: where they begin with the same color, they end {:.0f} of 255 off "
        "their mean; one look for all is that mean. Are the pairs of one style? Does the edit depend on the "
        "place (--local)?",
        255 * out_.grade.contradiction));
  }

  // Without networks only where somebody asks for maps.
  bool may_have_maps() const {
    if (o_.model == LearnModel::closed) return o_.local.kind != LocalKind::automatic;
    return o_.model == LearnModel::automatic && out_.grade.chosen != "network";
  }

  void learn_maps() {
    try {
      LocalLearned local = learn_local(set_, out_.grade, o_.grade, o_.local, [&](double share) {
        return !progress_ || progress_(0.8, fmt::format("learning local maps: {:.0f} %", 100 * share));
      });
      if (local.look) {
        out_.look = std::move(*local.look);
        out_.look.about = fmt::format("Learned from {} pairs: {} and {}", count(), out_.grade.chosen, local.name);
        out_.grade.chosen = local.name;
        is_local_ = true;
      }
      out_.notes.insert(out_.notes.end(), local.notes.begin(), local.notes.end());
      for (GradeReport::Model& row : local.rows) out_.grade.models.push_back(std::move(row));
    } catch (const Error& e) {
      if (o_.local.kind != LocalKind::automatic || e.code() != Code::resource) throw;
      out_.notes.push_back(fmt::format("no local maps were tried: {}", e.what()));
    }
  }

  void find_focus() {
    find_first(a_focus_band, 0.82, [&] { return estimate_focus(set_.pairs, first_.before(out_.look, a_focus_band)); });
  }

  // Grain is finer than the pixels that colors are learned from: some pairs are read again, near full size.
  void find_grain() {
    constexpr int most = 3, long_edge = 3000;
    std::vector<Pair> large;
    for (const Pair& pair : set_.pairs) {
      if (large.size() >= most) break;
      if (pair.before_path.empty()) continue;
      say(0.88, "looking for grain");
      PairOptions o = o_.pairs;
      o.long_edge = long_edge;
      PairSet one;
      try {
        one = read_pairs(pair.before_path, pair.after_path, o);
      } catch (const Error&) {
        continue;
      }
      for (Pair& p : one.pairs) large.push_back(std::move(p));
    }
    if (large.empty()) return;
    say(0.93, "measuring grain");
    const auto step = estimate_grain(large, out_.look);
    if (!step) return;
    out_.look.steps.push_back(*step);
    out_.notes.push_back("found grain: " + text_of(*step));
  }

  inline static const std::string a_vignette = "a vignette", a_focus_band = "a focus band";

  const PairSet& set_;
  const LearnOptions& o_;
  const LearnProgress& progress_;
  bool is_local_ = false;
  FirstSteps first_;
  std::ptrdiff_t closed_rows_ = 0;  // of the report
  LearnedLook out_;
};

}  // namespace

LearnedLook learn_look(const PairSet& set, const LearnOptions& options, const LearnProgress& progress) {
  if (set.pairs.empty())
    throw Error(Code::input, "found no pairs; expected one or more photos before and after an edit");
  return Work(set, options, progress).run();
}

std::string LearnedLook::json() const {
  nlohmann::json all = nlohmann::json::parse(grade.json());
  all["notes"] = notes;
  if (trained) {
    all["training"] = {{"steps", trained->history.size()},
                       {"best_step", trained->best_step},
                       {"device", trained->device},
                       {"held_out", trained->held_out.size()}};
    if (!trained->history.empty()) all["training"]["last_loss"] = trained->history.back().loss;
  }
  return all.dump(1);
}

}  // namespace sfumato
