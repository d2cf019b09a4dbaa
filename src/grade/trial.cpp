// SPDX-License-Identifier: Apache-2.0
#include "grade/trial.h"

#include <algorithm>
#include <cmath>

#include "color/delta_e.h"
#include "color/lab.h"
#include "color/transfer.h"
#include "lane/scalar.h"
#include "look/adapter.h"
#include "measure/descriptor.h"
#include "render/colors.h"

namespace sfumato {
namespace {

Lab lab_of(const Color& c) {
  const auto lab = linear_to_cielab(
      srgb_decode(Rgb<double>{clamp(c.r, 0.0f, 1.0f), clamp(c.g, 0.0f, 1.0f), clamp(c.b, 0.0f, 1.0f)}));
  return {lab.r * 100, lab.g * 128, lab.b * 128};
}

Color color_at(const Picture& p, std::size_t i) {
  const float* v = p.samples<float>() + 3 * i;
  return {v[0], v[1], v[2]};
}

}  // namespace

TrialPair::TrialPair(const Pair& pair, const Look& first)
    : analysis(analyze(pair.before.view())), descriptor(describe(analysis)) {
  Pair changed;
  if (!first.steps.empty()) {
    changed = pair;
    changed.before = sfumato::rendered(Plan(first), pair.before.view());
  }
  const Pair& behind = first.steps.empty() ? pair : changed;
  samples = sample_pair(behind), whole = sample_pair(behind, false);
  constexpr std::size_t most_pixels = 2000;
  const std::size_t pixels = pair.before.sample_count() / 3;
  // An odd step, so that it does not fall into the columns of the picture.
  const std::size_t step = std::max<std::size_t>(1, pixels / most_pixels) | 1;
  for (std::size_t i = 0; i < pixels; i += step) {
    if (!pair.is_whole(i)) continue;
    places.push_back(i);
    before.push_back(color_at(pair.before, i));
    start.push_back(color_at(behind.before, i));
    after.push_back(color_at(pair.after, i));
  }
}

std::vector<Color> TrialPair::rendered(const Look& look) const {
  return render_colors(Plan(look.adapter ? look.adapter->adapt(look, analysis).look : look), start);
}

double TrialPair::error_in(const Picture& picture) const {
  std::vector<Color> colors;
  for (const std::size_t i : places) colors.push_back(color_at(picture, i));
  return distance(colors);
}

double TrialPair::error_of(const std::vector<Color>& colors, float strength) const {
  std::vector<Color> on_the_way;
  for (std::size_t i = 0; i < colors.size(); ++i) on_the_way.push_back(start[i] + (colors[i] - start[i]) * strength);
  return distance(on_the_way);
}

double TrialPair::distance(const std::vector<Color>& colors) const {
  double sum = 0;
  for (std::size_t i = 0; i < colors.size(); ++i) sum += delta_e_2000(lab_of(colors[i]), lab_of(after[i]));
  return colors.empty() ? 0 : sum / static_cast<double>(colors.size());
}

}  // namespace sfumato
