// SPDX-License-Identifier: Apache-2.0
#include "grade/choose.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <mutex>
#include <numeric>

#include "base/fnv.h"
#include "base/threads.h"
#include "grade/trial.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using Model = GradeReport::Model;
using PairError = GradeReport::PairError;

constexpr int strength_count = 10;
constexpr float strength_at(int s) { return static_cast<float>(strength_count - s) / strength_count; }
constexpr const char* names[]{"static", "adaptive"};

// errors[strength][pair] of pairs left out.
using Errors = std::vector<std::vector<double>>;

// Up to so many pairs each one's share of its input's error counts: none may suffer much. Of more, some are near their
// target already: errors count as they are.
constexpr int few = 10;

class Learner {
 public:
  Learner(const PairSet& set, const GradeOptions& o, const GradeProgress& progress)
      : set_(set), o_(o), progress_(progress) {}

  Learned learn() {
    const auto start = std::chrono::steady_clock::now();
    prepare();
    may_adapt_ = o_.may_adapt && count() > fewest_pairs_to_adapt;
    leave_out();
    choose();
    finish();
    report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return {std::move(look_), std::move(report_)};
  }

 private:
  int count() const { return static_cast<int>(pairs_.size()); }
  // Pairs are left out one by one where that is quick; otherwise in five parts.
  int parts() const { return count() <= 8 ? count() : 5; }
  void say(double share, const std::string& what) const {
    if (progress_) progress_(share, what);
  }

  void prepare() {
    if (set_.pairs.empty())
      throw Error(Code::input, "found no pairs; expected one or more photos before and after an edit");
    say(0, "reading colors");
    std::vector<std::unique_ptr<TrialPair>> made(set_.pairs.size());
    parallel_for(static_cast<int>(made.size()), 0,
                 [&](int i) { made[i] = std::make_unique<TrialPair>(set_.pairs[i], o_.first); });
    std::uint64_t h = fnv1a("", 0);
    for (std::size_t i = 0; i < made.size(); ++i) {
      const Pair& p = set_.pairs[i];
      for (const Picture* picture : {&p.before, &p.after})
        h = fnv1a(picture->bytes().data(), picture->bytes().size(), h);
      if (made[i]->before.empty()) {
        report_.warnings.push_back(fmt::format("{}: no usable pixels; left out", p.name));
        continue;
      }
      report_.pairs.push_back({p.name, made[i]->input_error(), made[i]->start_error()});
      pairs_.push_back(std::move(*made[i]));
    }
    report_.data_hash = fmt::format("{:016x}", h);
    report_.command = o_.command;
    if (pairs_.empty())
      throw Error(Code::input, "found no usable pixels in any pair; expected photos before and after an edit");
    errors_[0] = errors_[1] = Errors(strength_count, std::vector<double>(pairs_.size(), -1));
  }

  // What a fit may see: all but the pairs of one part.
  struct Seen {
    std::vector<Samples> samples;
    std::vector<std::vector<float>> descriptors;
  };
  Seen without(int part) const {
    Seen seen;
    for (int i = 0; i < count(); ++i) {
      if (i % parts() == part) continue;
      seen.samples.push_back(pairs_[i].samples);
      seen.descriptors.push_back(pairs_[i].descriptor);
    }
    return seen;
  }

  void leave_out() {
    if (count() == 1) {
      look_static_ = fit_static_grade(without(-1).samples, o_.shared);
      try_look(look_static_, 0, 0);
      return;
    }
    StaticGradeOptions rough = o_.shared;
    rough.most_cells = std::min(rough.most_cells, rough_cells);
    const bool has_clipped =
        std::any_of(pairs_.begin(), pairs_.end(), [](const TrialPair& p) { return p.samples.count != p.whole.count; });
    fits_ = parts() * (1 + has_clipped + may_adapt_);
    const auto static_fit = [&](const Seen& seen) { return fit_static_grade(seen.samples, rough); };
    leave_out_each(0, static_fit);
    if (has_clipped) decide_about_clipped(static_fit);
    if (may_adapt_)
      leave_out_each(1, [&](const Seen& seen) { return fit_auto_grade(seen.samples, seen.descriptors, {rough}).look; });
  }

  template <class Fit>
  void leave_out_each(int model, const Fit& fit) {
    std::mutex one_tells;
    int parts_done = 0;
    const auto tell = [&] {
      say(0.05 + 0.75 * fits_done_ / fits_, fmt::format("left out {} of {}{}", parts_done, parts(), errors_so_far()));
    };
    tell();
    parallel_for(parts(), 0, [&](int part) {
      const Look look = fit(without(part));
      const std::lock_guard lock(one_tells);
      try_look(look, model, part);
      ++fits_done_, ++parts_done;
      tell();
    });
  }

  // Clipped colors show looks their ends; in pairs that contradict each other (edits of parts of the picture, say) they
  // mislead. Pairs left out decide, by colors that are not clipped, which profit least.
  template <class Fit>
  void decide_about_clipped(const Fit& static_fit) {
    constexpr double allowed = 1.1;
    const auto swap_samples = [&] {
      for (TrialPair& p : pairs_) std::swap(p.samples, p.whole);
    };
    const Errors with_clipped = errors_[0];
    swap_samples();
    leave_out_each(0, static_fit);
    if (mean(with_clipped[0]) > allowed * mean(errors_[0][0])) return;
    swap_samples();
    errors_[0] = with_clipped;
  }

  // Of the pairs left out until now.
  std::string errors_so_far() const {
    std::string text;
    for (int model = 0; model < 2; ++model) {
      double input = 0, error = 0, seen = 0;
      for (int i = 0; i < count(); ++i) {
        if (errors_[model][0][i] < 0) continue;
        input += report_.pairs[i].input, error += errors_[model][0][i], ++seen;
      }
      if (seen == 0) break;
      if (model == 0) text = fmt::format("; delta E 2000 so far: untouched {:.2f}", input / seen);
      text += fmt::format(", {} {:.2f}", names[model], error / seen);
    }
    return text;
  }

  void try_look(const Look& look, int model, int part) {
    parallel_for(count(), 0, [&](int i) {
      if (i % parts() != part) return;
      const std::vector<Color> colors = pairs_[i].rendered(look);
      for (int s = 0; s < strength_count; ++s) errors_[model][s][i] = pairs_[i].error_of(colors, strength_at(s));
    });
  }

  static double mean(const std::vector<double>& v) {
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
  }
  std::vector<double> all(double PairError::*error, double least = 0) const {
    std::vector<double> errors;
    for (const auto& p : report_.pairs) errors.push_back(std::max(p.*error, least));
    return errors;
  }

  // Doing nothing, or what comes before the colors alone.
  double propose_without_colors() {
    const double input = mean(all(&PairError::input)), start = mean(all(&PairError::start));
    const bool is_better = start < (1 - o_.least_gain) * input;
    std::string first;
    for (const LookStep& step : o_.first.steps) first += (first.empty() ? "" : " and ") + std::string(step.op->card.id);
    report_.models.push_back({"identity", 1, true, "", input, 1});
    if (!first.empty()) report_.models.push_back({first, 1, is_better, "alone", start, 0});
    report_.chosen = is_better ? first : "identity";
    return is_better ? start : input;
  }

  // A pair that changes nothing must not decide everything.
  static constexpr double least_input = 0.1;
  double input(int i) const { return std::max(report_.pairs[i].input, least_input); }

  Model at_strength(const char* name, const Errors& errors, int s) const {
    Model m{name, strength_at(s), false, "", 0, 0};
    double worst_error = 0, worst_input = least_input;
    for (int i = 0; i < count(); ++i) {
      m.mean_error += errors[s][i] / count();
      m.worst_ratio = std::max(m.worst_ratio, errors[s][i] / input(i));
      worst_error = std::max(worst_error, errors[s][i]);
      worst_input = std::max(worst_input, report_.pairs[i].input);
    }
    if (count() > few) m.worst_ratio = worst_error / worst_input;
    return m;
  }

  // What a look costs the pairs left out. Of few, shares of each one's input, squared, so that none suffers much.
  double cost(const std::vector<double>& errors) const {
    double sum = 0;
    for (int i = 0; i < count(); ++i) sum += count() > few ? errors[i] : std::pow(errors[i] / input(i), 2);
    return sum;
  }

  // At the strength that costs least, if that is less than nothing done costs.
  Model judged(const char* name, const Errors& errors) const {
    std::vector<double> costs;
    for (const auto& e : errors) costs.push_back(cost(e));
    const int s = static_cast<int>(std::min_element(costs.begin(), costs.end()) - costs.begin());
    const auto cost_of = [&](double PairError::*error) { return cost(all(error, least_input)); };
    if (costs[s] < std::min(cost_of(&PairError::start), cost_of(&PairError::input)))
      return at_strength(name, errors, s);
    Model m = at_strength(name, errors, 0);
    m.strength = 0;
    m.reason = "at every strength the pairs came out worse than they went in";
    return m;
  }

  void choose() {
    double least = propose_without_colors();
    for (int model = 0; model < (may_adapt_ ? 2 : 1); ++model) {
      Model m = judged(names[model], errors_[model]);
      if (m.strength > 0) {
        m.is_accepted = m.mean_error < (1 - o_.least_gain) * least;
        m.reason =
            fmt::format("error {:.3f} against {:.3f} of {}: {:.1f} % less; {:.0f} % are needed", m.mean_error, least,
                        report_.chosen, least > 0 ? 100 * (1 - m.mean_error / least) : 0.0, 100 * o_.least_gain);
      }
      if (m.is_accepted) {
        least = m.mean_error;
        report_.chosen = m.name;
        strength_ = m.strength;
        has_colors_ = true;
      }
      report_.models.push_back(std::move(m));
    }
    if (o_.may_adapt && !may_adapt_)
      report_.models.push_back(
          {"adaptive", 0, false, fmt::format("needs more than {} pairs", fewest_pairs_to_adapt), 0, 0});
  }

  void finish() {
    say(0.85, "fitting the " + report_.chosen + " look to all pairs");
    if (has_colors_) {
      Seen seen = without(-1);
      report_.contradiction = pool(seen.samples).contradiction();
      for (Samples& samples : seen.samples) samples = milder(std::move(samples), strength_);
      if (report_.chosen == "adaptive") {
        AutoGrade grade = fit_auto_grade(seen.samples, seen.descriptors, {o_.shared});
        report_.explained = grade.explained;
        look_ = std::move(grade.look);
      } else {
        look_ = count() == 1 && strength_ == 1 ? look_static_ : fit_static_grade(seen.samples, o_.shared);
      }
    }
    look_.title = "Learned look";
    look_.about = fmt::format("Learned from {} pair{}: {}", count(), count() == 1 ? "" : "s", report_.chosen);
    for (int i = 0; i < count(); ++i) {
      auto& p = report_.pairs[i];
      p.fitted = pairs_[i].error(look_);
      if (count() > 1) p.left_out_static = errors_[0][0][i];
      if (count() > 1 && may_adapt_) p.left_out_adaptive = errors_[1][0][i];
    }
    say(1, "done");
  }

  const PairSet& set_;
  const GradeOptions& o_;
  const GradeProgress& progress_;
  std::vector<TrialPair> pairs_;
  bool may_adapt_ = false, has_colors_ = false;
  Errors errors_[2];
  int fits_ = 1, fits_done_ = 0;
  float strength_ = 1;
  Look look_, look_static_;
  GradeReport report_;
};

}  // namespace

Learned learn_grade(const PairSet& pairs, const GradeOptions& options, const GradeProgress& progress) {
  return Learner(pairs, options, progress).learn();
}

}  // namespace sfumato
