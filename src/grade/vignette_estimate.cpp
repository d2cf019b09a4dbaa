// SPDX-License-Identifier: Apache-2.0
#include "grade/vignette_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/threads.h"
#include "grade/fitted_knobs.h"
#include "grade/samples.h"
#include "grade/simplex.h"
#include "grade/static_grade.h"
#include "grade/trial.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

constexpr std::size_t most_pairs = 8;
constexpr int apart = 2;  // pixels that are looked at
constexpr int grid = 24;  // cells of colors that count as the same

using Knobs = FittedKnobs<3>;
using Vignette = Knobs::Values;

const Knobs& knobs() {
  static const Knobs all("vignette", {0, 1, 4});  // amount, midpoint, roundness
  return all;
}

// A pair thinned out, and the look as it is for its photo.
struct Example {
  Picture before, after;
  std::vector<std::uint8_t> is_whole;
  Plan colors;

  Example(const Pair& pair, const Look& look)
      : before(thinned(pair.before)), after(thinned(pair.after)), colors(for_photo(look, pair.before.view())) {
    for (int y = 0; y < before.height(); ++y)
      for (int x = 0; x < before.width(); ++x)
        is_whole.push_back(pair.is_whole(static_cast<std::size_t>(y) * apart * pair.before.width() + x * apart));
  }

 private:
  static Picture thinned(const Picture& p) {
    Picture out((p.width() + apart - 1) / apart, (p.height() + apart - 1) / apart, Sample::f32);
    for (int y = 0; y < out.height(); ++y)
      for (int x = 0; x < out.width(); ++x)
        std::copy_n(p.samples<float>() + 3 * (static_cast<std::size_t>(y) * apart * p.width() + x * apart), 3,
                    out.samples<float>() + 3 * (static_cast<std::size_t>(y) * out.width() + x));
    return out;
  }
};

// Above, right of, below and left of the middle.
constexpr int sides = 4;
int side_of(int x, int y, const Picture& p) {
  const double across = (x + 0.5) / p.width() - 0.5, down = (y + 0.5) / p.height() - 0.5;
  return std::abs(down) > std::abs(across) ? (down < 0 ? 0 : 2) : across > 0 ? 1 : 3;
}

// The picture as the vignette makes it, but for one side.
Picture lit_by(const std::optional<Vignette>& vignette, const Picture& picture, std::optional<int> spared) {
  Look look;
  if (vignette) look.steps = {knobs().step(*vignette)};
  Picture out = rendered(Plan(look), picture.view(), Sample::f32, {.threads = 1});
  for (int y = 0; spared && y < out.height(); ++y)
    for (int x = 0; x < out.width(); ++x)
      if (const auto i = 3 * (static_cast<std::size_t>(y) * out.width() + x); side_of(x, y, out) == *spared)
        std::copy_n(picture.samples<float>() + i, 3, out.samples<float>() + i);
  return out;
}

// Mean squared difference that the colors leave over of the pair, beyond its mean among pixels of the same color: that
// is for the colors to learn.
double error_of(const Example& e, const std::optional<Vignette>& vignette, std::optional<int> spared) {
  struct Cell {
    double sum[3]{}, squares = 0;
    int count = 0;
  };
  const Picture lit = lit_by(vignette, e.before, spared),
                out = rendered(e.colors, lit.view(), Sample::f32, {.threads = 1});
  const float *in = lit.samples<float>(), *a = out.samples<float>(), *b = e.after.samples<float>();
  std::vector<Cell> cells(static_cast<std::size_t>(grid) * grid * grid);
  for (std::size_t i = 0; i < e.is_whole.size(); ++i, in += 3, a += 3, b += 3) {
    if (!e.is_whole[i]) continue;
    Cell& cell = cells[cell_of({in[0], in[1], in[2]}, grid)];
    for (int c = 0; c < 3; ++c) {
      const double left = b[c] - a[c];
      cell.sum[c] += left, cell.squares += left * left;
    }
    ++cell.count;
  }
  double sum = 0;
  for (const Cell& c : cells)
    if (c.count > 1)
      sum += (c.squares - (c.sum[0] * c.sum[0] + c.sum[1] * c.sum[1] + c.sum[2] * c.sum[2]) / c.count) * c.count /
             (c.count - 1);
  return sum / static_cast<double>(e.is_whole.size());
}

// Of each pair.
std::vector<double> errors_of(const std::vector<Example>& examples, const std::optional<Vignette>& vignette,
                              std::optional<int> spared = {}) {
  std::vector<double> all(examples.size());
  parallel_for(static_cast<int>(all.size()), 0, [&](int i) { all[i] = error_of(examples[i], vignette, spared); });
  return all;
}

double total(const std::vector<double>& errors) { return std::accumulate(errors.begin(), errors.end(), 0.0); }

}  // namespace

std::optional<LookStep> estimate_vignette(std::span<const Pair> pairs) {
  pairs = pairs.first(std::min(pairs.size(), most_pairs));
  std::vector<Samples> samples(pairs.size());
  parallel_for(static_cast<int>(pairs.size()), 0, [&](int i) { samples[i] = TrialPair(pairs[i]).samples; });
  std::erase_if(samples, [](const Samples& s) { return s.count.empty(); });
  if (samples.empty()) return std::nullopt;
  return estimate_vignette(pairs, fit_static_grade(samples, {.table_size = 17, .most_cells = rough_cells, .rounds = 1}));
}

std::optional<LookStep> estimate_vignette(std::span<const Pair> pairs, const Look& look) {
  // Of plain edits of color it explains up to 2 %.
  constexpr double least_gain = 0.1, least_amount = 0.05, least_share = 0.75, slack = 0.02;
  std::vector<Example> examples;
  for (const Pair& pair : pairs.first(std::min(pairs.size(), most_pairs))) examples.emplace_back(pair, look);

  const std::vector<double> without = errors_of(examples, {});
  Vignette best{};
  double least = total(without);
  for (const double amount : {-1.6, -0.8, -0.4, -0.2, 0.2, 0.4, 0.8})
    for (const double midpoint : {0.0, 0.3, 0.6})
      for (const double roundness : {0.2, 0.8}) {
        const Vignette v{amount, midpoint, roundness};
        const double e = total(errors_of(examples, v));
        if (e < least) least = e, best = v;
      }
  if (best[0] == 0) return std::nullopt;
  const auto cost = [&](const Vignette& v) { return total(errors_of(examples, v)) * (1 + knobs().outside(v)); };
  best = simplex_minimum(best, {0.3 * best[0], 0.1, best[2] < 0.5 ? 0.3 : -0.3}, cost, 90);

  if (std::abs(best[0]) < least_amount) return std::nullopt;

  // Square pictures do not tell the shape, and others not exactly: a circle or the ellipse, if it does as well.
  for (const double plain : {1.0, 0.0}) {
    Vignette v = best;
    v[2] = plain;
    if (cost(v) > (1 + slack) * cost(best)) continue;
    best = v;
    break;
  }

  const std::vector<double> with = errors_of(examples, best);
  if (total(with) > (1 - least_gain) * total(without)) return std::nullopt;
  double gaining = 0;
  for (std::size_t i = 0; i < with.size(); ++i) gaining += with[i] < without[i];
  if (gaining < least_share * static_cast<double>(with.size())) return std::nullopt;
  for (int side = 0; side < sides; ++side)
    if (total(errors_of(examples, best, side)) < total(with)) return std::nullopt;
  return knobs().step(best);
}

}  // namespace sfumato
