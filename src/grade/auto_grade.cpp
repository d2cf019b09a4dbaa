// SPDX-License-Identifier: Apache-2.0
#include "grade/auto_grade.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/threads.h"
#include "grade/adapt_pairs.h"
#include "grade/ridge_fit.h"
#include "measure/descriptor.h"

namespace sfumato {
namespace {

using Rows = std::vector<std::vector<float>>;

void center(Rows& rows) {
  for (std::size_t k = 0; k < rows[0].size(); ++k) {
    double sum = 0;
    for (const auto& row : rows) sum += row[k];
    for (auto& row : rows) row[k] -= static_cast<float>(sum / static_cast<double>(rows.size()));
  }
}

std::vector<Samples> all_adapted(std::span<const Samples> pairs, const Rows& units) {
  std::vector<Samples> result(pairs.size());
  parallel_for(static_cast<int>(pairs.size()), 0, [&](int i) { result[i] = adapted(pairs[i], units[i]); });
  return result;
}

std::vector<Samples> all_coarser(std::span<const Samples> pairs, int grid) {
  std::vector<Samples> result(pairs.size());
  parallel_for(static_cast<int>(pairs.size()), 0, [&](int i) { result[i] = coarser(pairs[i], grid); });
  return result;
}

Rows fit_all(std::span<const Samples> pairs, const Look& shared, const Rows& expected) {
  Rows units(pairs.size());
  parallel_for(static_cast<int>(pairs.size()), 0, [&](int i) { units[i] = fit_knobs(pairs[i], shared, expected[i]); });
  center(units);
  return units;
}

// How far photos of one collection are from each other: to the nearest, for all but a tenth of them.
void set_confidence(const Rows& descriptors, RidgeModel& model) {
  const std::size_t count = descriptors.size();
  for (int d = 0; d < Descriptor::key; ++d) {
    double squares = 0;
    for (const auto& row : descriptors) squares += (row[d] - model.mean[d]) * (row[d] - model.mean[d]);
    model.spread.push_back(static_cast<float>(std::sqrt(squares / static_cast<double>(count))) + 1e-3f);
  }
  for (const auto& row : descriptors)
    model.photos.insert(model.photos.end(), row.begin(), row.begin() + Descriptor::key);
  std::vector<double> nearest;
  for (std::size_t i = 0; i < count; ++i) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < count; ++j) {
      double sum = 0;
      for (int d = 0; d < Descriptor::key; ++d)
        sum += std::pow((descriptors[i][d] - descriptors[j][d]) / model.spread[d], 2);
      if (j != i) least = std::min(least, std::sqrt(sum));
    }
    nearest.push_back(least);
  }
  std::sort(nearest.begin(), nearest.end());
  model.usual_distance = static_cast<float>(std::max(nearest[count * 9 / 10], 0.1));
}

RidgeModel model_of(const RidgeFit& fit, const Rows& descriptors, const Rows& units) {
  RidgeModel model;
  const auto& knobs = adapting_knobs();
  model.mean = fit.mean;
  model.weights = fit.weights;
  for (std::size_t k = 0; k < knobs.size(); ++k) {
    model.knobs.push_back(knobs[k].at);
    float low = 0, high = 0;
    for (const auto& row : units) low = std::min(low, row[k]), high = std::max(high, row[k]);
    model.low.push_back(low * knobs[k].unit);
    model.high.push_back(high * knobs[k].unit);
    for (int d = 0; d < Descriptor::size; ++d) model.weights[k * Descriptor::size + d] *= knobs[k].unit;
  }
  set_confidence(descriptors, model);
  return model;
}

}  // namespace

AutoGrade fit_auto_grade(std::span<const Samples> pairs, const Rows& descriptors, const AutoGradeOptions& options) {
  StaticGradeOptions last = options.shared;
  last.expectation = last.expectation.by_hand();
  // The rounds before the last need neither a fine table nor a smooth one.
  StaticGradeOptions rough = last;
  rough.most_cells = std::min(rough.most_cells, 1200);
  rough.table_size = 17;
  rough.rounds = 1;
  rough.expectation.looks = 400;
  // Two samples along each edge of the table's cells; a few hundred settle eight knobs.
  const std::vector<Samples> coarse = all_coarser(pairs, 2 * rough.table_size), coarsest = all_coarser(pairs, 12);
  Look shared = fit_static_grade(coarse, rough);
  RidgeFit fit;
  fit.left_out.assign(pairs.size(), std::vector<float>(adapting_knobs().size(), 0.0f));
  Rows units;
  for (int round = 0; round < options.rounds; ++round) {
    // What the other photos let expect steadies what a pair tells.
    units = fit_all(coarsest, shared, fit.left_out);
    fit = fit_ridge(descriptors, units);
    if (round + 1 < options.rounds) shared = fit_static_grade(all_adapted(coarse, units), rough);
  }
  // At last, what a new photo would get: prediction errors then belong to the look's average.
  shared = fit_static_grade(all_adapted(pairs, fit.left_out), last);

  AutoGrade result{{}, fit.explained};
  result.look.steps = adapting_steps();
  result.look.steps.insert(result.look.steps.end(), shared.steps.begin(), shared.steps.end());
  if (fit.explained > 0) result.look.adapter = std::make_shared<RidgeAdapter>(model_of(fit, descriptors, units));
  return result;
}

}  // namespace sfumato
