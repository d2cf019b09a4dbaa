// SPDX-License-Identifier: Apache-2.0
#include "grade/focus_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "grade/fitted_knobs.h"
#include "grade/simplex.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

constexpr int cells = 24;  // rows of which the blur is measured together
constexpr std::size_t most_pairs = 6;

using Knobs = FittedKnobs<5>;
using Band = Knobs::Values;

const Knobs& knobs() {
  static const Knobs all("tilt_shift", {0, 2, 3, 4, 5});  // sigma, center_y, width, falloff, angle
  return all;
}

// A pair and the look as it is for its photo.
struct Example {
  const Pair& pair;
  Look look;
};

Picture drawn(const Example& e, const std::optional<Band>& band) {
  Look all = e.look;
  if (band) all.steps.insert(all.steps.begin(), knobs().step(*band));
  return rendered(Plan(all), e.pair.before.view());
}

using Cells = std::array<double, cells>;

// Squared differences between pixels so far apart, of each row of cells.
Cells detail_of(const Picture& picture, const Pair& pair, std::size_t apart) {
  const std::size_t width = picture.width(), height = picture.height();
  const float* v = picture.samples<float>();
  Cells sum{};
  for (std::size_t i = apart; i < width * height; ++i) {
    if (i % width < apart || !pair.is_whole(i) || !pair.is_whole(i - apart)) continue;
    for (std::size_t c = 3 * i; c < 3 * i + 3; ++c)
      sum[i / width * cells / height] += (v[c] - v[c - 3 * apart]) * (v[c] - v[c - 3 * apart]);
  }
  return sum;
}

// Fine detail beside coarse, as a logarithm: contrast that does not fit changes both alike. NaN: there is none.
struct Sharpness {
  Cells fine, coarse;
  Sharpness(const Picture& picture, const Pair& pair)
      : fine(detail_of(picture, pair, 1)), coarse(detail_of(picture, pair, 4)) {}
  double of(int row) const { return fine[row] > 0 && coarse[row] > 0 ? std::log(fine[row] / coarse[row]) : NAN; }
};

// A blur that only hides noise or wrong colors also comes nearer. Under a true one the rows lost sharpness where, and
// about as much as, it takes from them: the slope of one loss over the other is near 1, else near 0.
bool lost_detail(const std::vector<Example>& examples, const Band& band) {
  constexpr double least_slope = 0.5, least_loss = 0.03;
  double w = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const Example& e : examples) {
    const Sharpness whole(drawn(e, {}), e.pair), expected(drawn(e, band), e.pair), left(e.pair.after, e.pair);
    for (int i = 0; i < cells; ++i) {
      const double a = expected.of(i) - whole.of(i), b = left.of(i) - whole.of(i), share = whole.fine[i];
      if (std::isnan(a + b)) continue;
      w += share, x += share * a, y += share * b, xx += share * a * a, xy += share * a * b;
    }
  }
  return w > 0 && x < -least_loss * w && xy - x * y / w > least_slope * (xx - x * x / w);
}

// Sums of squared differences of each row of cells.
Cells errors_of(const Example& example, const std::optional<Band>& band) {
  const Pair& pair = example.pair;
  const int width = pair.before.width(), height = pair.before.height();
  const Picture out = drawn(example, band);
  const float *a = out.samples<float>(), *b = pair.after.samples<float>();
  Cells sum{};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const std::size_t i = static_cast<std::size_t>(y) * width + x;
      if (!pair.is_whole(i)) continue;
      for (std::size_t c = 3 * i; c < 3 * i + 3; ++c) sum[y * cells / height] += (a[c] - b[c]) * (a[c] - b[c]);
    }
  return sum;
}

double error_of(const std::vector<Example>& examples, const std::optional<Band>& band) {
  double sum = 0;
  for (const Example& example : examples)
    for (double e : errors_of(example, band)) sum += e / static_cast<double>(example.pair.before.sample_count());
  return sum;
}

// Each row of cells under blurs of known widths.
class Ladder {
 public:
  explicit Ladder(const std::vector<Example>& examples) {
    for (double s = 0.0; s < knobs()[0].max; s = s == 0.0 ? 0.35 : s * std::sqrt(2.0)) {
      sigma_.push_back(s);
      error_.push_back({});
      // A narrow band at the far edge leaves the other half fully blurred.
      for (const Example& example : examples)
        for (const bool is_upper : {false, true}) {
          std::optional<Band> band;
          if (s > 0.0) band = {s, is_upper ? 1.0 : 0.0, 0.0, 0.02, 0.0};
          const Cells e = errors_of(example, band);
          for (int i = 0; i < cells; ++i)
            if ((i < cells / 2) == is_upper) error_.back()[i] += e[i];
        }
    }
  }

  // Of the same softness everywhere, such as smaller copies have.
  double least_even() const {
    double least = 1e300;
    for (const Cells& e : error_) least = std::min(least, std::accumulate(e.begin(), e.end(), 0.0));
    return least;
  }

  // The best band on a grid of numbers.
  Band best() const {
    Band found{};
    double least = 1e300;
    for (std::size_t k = 1; k < sigma_.size(); ++k)
      for (double center = 0.1; center < 0.95; center += 0.025)
        for (double width = 0.04; width < 0.6; width *= 1.35)
          for (double falloff = 0.06; falloff < 0.9; falloff *= 1.4) {
            const Band b{sigma_[k], center, width, falloff, 0.0};
            const double e = error(b);
            if (e < least) least = e, found = b;
          }
    return found;
  }

  double error(const Band& b) const {
    double sum = 0;
    for (int i = 0; i < cells; ++i) {
      const double away = 2.0 * std::abs((i + 0.5) / cells - b[1]),
                   t = std::clamp((away - b[2]) * 0.5 / b[3], 0.0, 1.0);
      const double s = t * t * (3 - 2 * t) * b[0];
      const auto above = std::clamp<std::ptrdiff_t>(std::upper_bound(sigma_.begin(), sigma_.end(), s) - sigma_.begin(),
                                                    1, static_cast<std::ptrdiff_t>(sigma_.size()) - 1);
      const double share = std::clamp((s - sigma_[above - 1]) / (sigma_[above] - sigma_[above - 1]), 0.0, 1.0);
      sum += error_[above - 1][i] + (error_[above][i] - error_[above - 1][i]) * share;
    }
    return sum;
  }

 private:
  std::vector<double> sigma_;  // thousandths of the diagonal
  std::vector<Cells> error_;
};

}  // namespace

std::optional<LookStep> estimate_focus(std::span<const Pair> pairs, const Look& look) {
  constexpr double least_gain = 0.02;
  std::vector<Example> examples;
  for (const Pair& pair : pairs.first(std::min(pairs.size(), most_pairs)))
    examples.push_back({pair, for_photo(look, pair.before.view())});
  const Ladder ladder(examples);
  const Band first = ladder.best();
  if (!(ladder.error(first) < (1 - least_gain) * ladder.least_even())) return std::nullopt;
  if (!(error_of(examples, first) < (1 - least_gain) * error_of(examples, {}))) return std::nullopt;

  const auto cost = [&](const Band& b) { return error_of(examples, b) * (1 + knobs().outside(b)); };
  const Band band = simplex_minimum(first, {0.25 * first[0], 0.03, 0.3 * first[2], 0.3 * first[3], 4.0}, cost, 160);
  if (!lost_detail(examples, band)) return std::nullopt;
  return knobs().step(band);
}

}  // namespace sfumato
