// SPDX-License-Identifier: Apache-2.0
#include "render/bake.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "color/delta_e.h"
#include "color/lab.h"
#include "color/transfer.h"
#include "files/lut_file.h"
#include "lane/scalar.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

using Color = Rgb<double>;

// Colors through the renderer, in float.
std::vector<Color> render_colors(const Look& look, const std::vector<Color>& colors) {
  constexpr int width = 1024;
  const int height = static_cast<int>((colors.size() + width - 1) / width);
  Picture in(width, height, Sample::f32), out(width, height, Sample::f32);
  float* v = in.samples<float>();
  for (const Color& c : colors)
    for (const double part : {c.r, c.g, c.b}) *v++ = static_cast<float>(part);
  render(Plan(look), std::as_const(in).view(), out.view());
  std::vector<Color> result(colors.size());
  const float* r = out.samples<float>();
  for (Color& c : result) c = {r[0], r[1], r[2]}, r += 3;
  return result;
}

Color clipped(const Color& c) { return {clamp(c.r, 0.0, 1.0), clamp(c.g, 0.0, 1.0), clamp(c.b, 0.0, 1.0)}; }

Lab lab_of(const Color& encoded) {
  const Color lab = linear_to_cielab(srgb_decode(encoded));
  return {lab.r * 100.0, lab.g * 128.0, lab.b * 128.0};
}

// Grays, then colors that fill the cube evenly: the R3 sequence [Roberts2018].
std::vector<Color> test_colors() {
  std::vector<Color> colors;
  for (int i = 0; i <= 1024; ++i) colors.push_back(Color{1, 1, 1} * (i / 1024.0));
  constexpr double g = 1.2207440846057596;
  double x = 0.5, y = 0.5, z = 0.5;
  for (int i = 0; i < 130000; ++i) {
    x = std::fmod(x + 1.0 / g, 1.0), y = std::fmod(y + 1.0 / (g * g), 1.0), z = std::fmod(z + 1.0 / (g * g * g), 1.0);
    colors.push_back({x, y, z});
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
  const Look carried = carried_part(look, &baked.not_carried);
  std::vector<Color> nodes;
  for (std::size_t i = 0; i < baked.table.nodes.size(); i += 4)
    nodes.push_back({baked.table.nodes[i], baked.table.nodes[i + 1], baked.table.nodes[i + 2]});
  const std::vector<Color> values = render_colors(carried, nodes);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Color& c = values[i];
    const Color inside = clipped(c);
    const double over = std::max({std::abs(inside.r - c.r), std::abs(inside.g - c.g), std::abs(inside.b - c.b)});
    baked.outside += over > 0.002 ? 1.0 / static_cast<double>(values.size()) : 0.0;
    float* node = &baked.table.nodes[i * 4];
    node[0] = static_cast<float>(c.r), node[1] = static_cast<float>(c.g), node[2] = static_cast<float>(c.b);
  }
  return baked;
}

Residual residual_of(const CubeTable& table, const Look& look) {
  const std::vector<Color> colors = test_colors(), want = render_colors(carried_part(look), colors);
  std::vector<double> errors;
  double sum = 0.0, total = 0.0;
  Residual r{};
  for (std::size_t i = 0; i < colors.size(); ++i) {
    const Color w = clipped(want[i]), got = clipped(table3(&table, colors[i]));
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
