// SPDX-License-Identifier: Apache-2.0
#include "render/bake.h"

#include <algorithm>
#include <cmath>

#include "color/delta_e.h"
#include "color/lab.h"
#include "color/transfer.h"
#include "files/lut_file.h"
#include "lane/scalar.h"
#include "render/colors.h"
#include "render/fit_nodes.h"
#include "render/plan.h"

namespace sfumato {
namespace {

using Color = Rgb<double>;

Color in_double(const Rgb<float>& c) { return {c.r, c.g, c.b}; }
Color clipped(const Color& c) { return {clamp(c.r, 0.0, 1.0), clamp(c.g, 0.0, 1.0), clamp(c.b, 0.0, 1.0)}; }

Lab lab_of(const Color& encoded) {
  const Color lab = linear_to_cielab(srgb_decode(encoded));
  return {lab.r * 100.0, lab.g * 128.0, lab.b * 128.0};
}

// Grays, then colors that fill the cube evenly: the R3 sequence [Roberts2018].
std::vector<Rgb<float>> test_colors() {
  std::vector<Rgb<float>> colors;
  for (int i = 0; i <= 1024; ++i) colors.push_back(Rgb<float>{1, 1, 1} * (static_cast<float>(i) / 1024.0f));
  constexpr double g = 1.2207440846057596;
  double x = 0.5, y = 0.5, z = 0.5;
  for (int i = 0; i < 130000; ++i) {
    x = std::fmod(x + 1.0 / g, 1.0), y = std::fmod(y + 1.0 / (g * g), 1.0), z = std::fmod(z + 1.0 / (g * g * g), 1.0);
    colors.push_back({static_cast<float>(x), static_cast<float>(y), static_cast<float>(z)});
  }
  return colors;
}

// The look without what depends on position or neighbors; the names of what is gone, as far as it does anything.
Look carried_part(const Look& look, std::vector<std::string>* not_carried = nullptr) {
  Look carried = look;
  carried.steps.clear();
  for (const LookStep& step : look.steps) {
    if (!step.op->is_local && !step.where.is_set()) {
      carried.steps.push_back(step);
      if (not_carried && !step.value_tables.empty()) not_carried->emplace_back(step.op->card.id);
      carried.steps.back().value_tables.clear();
      continue;
    }
    LookStep everywhere = step;
    everywhere.where = {}, everywhere.map = {};
    if (not_carried && !Plan(Look{{}, {}, {}, {}, {everywhere}}).is_identity())
      not_carried->emplace_back(step.op->card.id);
  }
  return carried;
}

}  // namespace

Baked bake(const Look& look, int size) {
  Baked baked{identity_cube(size), {}};
  const Plan plan(carried_part(look, &baked.not_carried));
  const ColorFunction function = [&](const std::vector<Rgb<float>>& colors) { return render_colors(plan, colors); };
  std::vector<float>& nodes = baked.table.nodes;
  std::vector<Rgb<float>> values;
  for (std::size_t i = 0; i < nodes.size(); i += 4) values.push_back({nodes[i], nodes[i + 1], nodes[i + 2]});
  values = function(values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Color c = in_double(values[i]), inside = clipped(c);
    const double over = std::max({std::abs(inside.r - c.r), std::abs(inside.g - c.g), std::abs(inside.b - c.b)});
    baked.outside += over > 0.002 ? 1.0 / static_cast<double>(values.size()) : 0.0;
    nodes[4 * i] = values[i].r, nodes[4 * i + 1] = values[i].g, nodes[4 * i + 2] = values[i].b;
  }
  fit_nodes(baked.table, function);
  return baked;
}

Residual residual_of(const CubeTable& table, const Look& look) {
  const std::vector<Rgb<float>> colors = test_colors(), want = render_colors(Plan(carried_part(look)), colors);
  std::vector<double> errors;
  double sum = 0.0, total = 0.0;
  Residual r{};
  for (std::size_t i = 0; i < colors.size(); ++i) {
    const Color w = clipped(in_double(want[i])), got = clipped(table3(&table, in_double(colors[i])));
    errors.push_back(delta_e_2000(lab_of(w), lab_of(got)));
    total += errors.back();
    for (const double d : {std::abs(w.r - got.r), std::abs(w.g - got.g), std::abs(w.b - got.b)}) {
      sum += d / 3.0;
      r.max_difference = std::max(r.max_difference, d);
    }
  }
  std::sort(errors.begin(), errors.end());
  const auto count = static_cast<double>(colors.size());
  r.mean_difference = sum / count;
  r.mean_e = total / count;
  r.p99_e = errors[errors.size() * 99 / 100];
  r.max_e = errors.back();
  return r;
}

}  // namespace sfumato
