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

}  // namespace

TrialPair::TrialPair(const Pair& pair)
    : samples(sample_pair(pair)),
      whole(sample_pair(pair, false)),
      analysis(analyze(pair.before.view())),
      descriptor(describe(analysis)) {
  constexpr std::size_t most_pixels = 2000;
  const std::size_t pixels = pair.before.sample_count() / 3;
  // An odd step, so that it does not fall into the columns of the picture.
  const std::size_t step = std::max<std::size_t>(1, pixels / most_pixels) | 1;
  const float *x = pair.before.samples<float>(), *y = pair.after.samples<float>();
  for (std::size_t i = 0; i < pixels; i += step) {
    if (!pair.is_whole(i)) continue;
    before.push_back({x[3 * i], x[3 * i + 1], x[3 * i + 2]});
    places.push_back(i);
    after.push_back({y[3 * i], y[3 * i + 1], y[3 * i + 2]});
  }
}

std::vector<Color> TrialPair::rendered(const Look& look) const {
  return render_colors(Plan(look.adapter ? look.adapter->adapt(look, analysis).look : look), before);
}

double TrialPair::error_in(const Picture& picture) const {
  std::vector<Color> colors;
  const float* v = picture.samples<float>();
  for (const std::size_t i : places) colors.push_back({v[3 * i], v[3 * i + 1], v[3 * i + 2]});
  return error_of(colors);
}

double TrialPair::error_of(const std::vector<Color>& colors, float strength) const {
  double sum = 0;
  for (std::size_t i = 0; i < colors.size(); ++i)
    sum += delta_e_2000(lab_of(before[i] + (colors[i] - before[i]) * strength), lab_of(after[i]));
  return colors.empty() ? 0 : sum / static_cast<double>(colors.size());
}

}  // namespace sfumato
