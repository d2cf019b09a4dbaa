// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "learner/learn_look.h"
#include "look/recipe.h"
#include "report/compare.h"
#include "report/recovery.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

std::string number(double v) { return v < 0 ? "–" : fmt::format("{:.3f}", v); }

ReportChart curves_of(const Trained& t) {
  ReportChart chart{"Training", "step", "loss", {{"training", {}, {}}, {"held out", {}, {}}}, true};
  for (const TrainPoint& p : t.history) {
    chart.series[0].x.push_back(p.step), chart.series[0].y.push_back(p.loss);
    if (std::isfinite(p.held_out)) chart.series[1].x.push_back(p.step), chart.series[1].y.push_back(p.held_out);
  }
  return chart;
}

}  // namespace

Report report_of(const LearnedLook& learned, const PairSet& set, const std::string& command) {
  std::vector<Compared> all;
  std::map<std::string, Look> adapted;
  for (const Pair& pair : set.pairs) {
    const Analysis photo = analyze(pair.before.view());
    const Look& look = adapted[pair.name] = LookRecipe{{learned.look}}.resolve(&photo).look;
    const Picture ours = rendered(Plan(look), pair.before.view());
    const auto scored = [](const Picture& p) { return Scored{p.view(), p.view()}; };
    all.push_back(
        compare({pair.name, scored(pair.before), scored(ours), scored(pair.after)}, Protocol::plain, 0, true));
  }
  Report report = report_of(all, "Learned look", Protocol::plain);
  report.lead = fmt::format("Learned from {} pair{}; chosen: {}.", set.pairs.size(), set.pairs.size() == 1 ? "" : "s",
                            learned.grade.chosen);
  for (const std::string& note : learned.notes) report.lead += " " + note + ".";

  ReportTable models{"How the model was chosen",
                     "Mean delta E 2000 of pairs left out of the fit.",
                     {"model", "error", "worst / input", "taken", "why"},
                     {}};
  for (const auto& m : learned.grade.models) {
    if (m.name == learned.grade.chosen) models.marked = static_cast<int>(models.rows.size());
    models.rows.push_back(
        {m.name, number(m.mean_error), number(m.worst_ratio), m.is_accepted ? "yes" : "no", m.reason});
  }
  ReportTable pairs{"Pairs left out",
                    "Delta E 2000 of each pair's input, and of looks that were learned without it.",
                    {"pair", "input", "static", "adaptive", "chosen, having seen it"},
                    {}};
  for (const auto& p : learned.grade.pairs)
    pairs.rows.push_back(
        {p.name, number(p.input), number(p.left_out_static), number(p.left_out_adaptive), number(p.fitted)});
  report.tables.insert(report.tables.begin(), std::move(models));
  if (!pairs.rows.empty()) report.tables.push_back(std::move(pairs));
  if (const auto manifest = manifest_of(set.pairs.front().before_path)) {
    const std::vector<RecoveredKnob> knobs = recovered_knobs(*manifest, learned.look, adapted);
    if (!knobs.empty()) report.tables.push_back(recovery_table(knobs));
  }
  if (!set.refused.empty()) {
    ReportTable refused{"Refused pairs", "", {"pair", "why"}, {}};
    for (const RefusedPair& r : set.refused) refused.rows.push_back({r.name, r.reason});
    report.tables.push_back(std::move(refused));
  }
  if (learned.trained) report.charts.push_back(curves_of(*learned.trained));
  report.look_text = print_look(LookRecipe{{learned.look}}.resolve().look);
  report.command = command;
  return report;
}

}  // namespace sfumato
