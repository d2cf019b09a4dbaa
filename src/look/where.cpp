// SPDX-License-Identifier: Apache-2.0
#include "look/where.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "color/lab.h"
#include "color/transfer.h"
#include "lane/mask_plane.h"
#include "lane/scalar.h"
#include "measure/snap.h"

namespace sfumato {
namespace {

using Source = StepWhere::Source;

Lab lab_of(const Rgb<float>& encoded) {
  const auto c = linear_to_cielab(srgb_decode(encoded));
  return {c.r * 100, c.g * 128, c.b * 128};
}

Lab lab_of(const std::string& color) {
  const auto part = [&](int i) {
    return static_cast<float>(std::stoi(color.substr(1 + 2 * i, 2), nullptr, 16)) / 255.0f;
  };
  return lab_of(Rgb<float>{part(0), part(1), part(2)});
}

// 1 at the color, 1/2 at `within` of it, falling fast beyond.
float nearness(const Lab& color, const StepWhere& w, const Lab& near) {
  const double d = delta_e_76(color, near) / w.within;
  return static_cast<float>(1.0 / (1.0 + std::pow(d, 4.0)));
}

// 1 inside, 0 outside, a ramp between.
float inside(float v, float low, float high, float ramp) {
  const float down = low <= 0 ? 1.0f : std::clamp((v - low) / ramp + 0.5f, 0.0f, 1.0f);
  const float up = high >= 1 ? 1.0f : std::clamp((high - v) / ramp + 0.5f, 0.0f, 1.0f);
  return std::min(down, up);
}

float in_box(const StepWhere& w, float x, float y) {
  constexpr float ramp = 0.1f;
  return inside(x, w.box[0], w.box[2], ramp) * inside(y, w.box[1], w.box[3], ramp);
}

bool fits(const StepWhere& w, const Region& r) {
  constexpr const char* names[]{"background", "ground", "subject"};
  if (!w.kind.empty() && w.kind != names[static_cast<int>(r.kind)]) return false;
  if (!w.mask_color.empty()) {
    double sum = 0;
    for (int c = 0; c < 3; ++c)
      sum += std::pow(std::stoi(w.mask_color.substr(1 + 2 * c, 2), nullptr, 16) - r.color[c], 2.0);
    if (sum > 60.0 * 60.0) return false;
  }
  return w.near.empty() || delta_e_76(r.mean, lab_of(w.near)) <= w.within;
}

Plane region_plane(const StepWhere& w, const Regions& regions) {
  Plane plane(regions.width, regions.height);
  std::vector<char> fitting;
  for (const Region& r : regions.regions) fitting.push_back(fits(w, r));
  const bool is_boxed = !std::equal(w.box, w.box + 4, StepWhere().box);
  for (int y = 0; y < plane.height; ++y)
    for (int x = 0; x < plane.width; ++x) {
      float& v = plane.row(y)[x];
      v = fitting[regions.label[static_cast<std::size_t>(y) * plane.width + x]] ? 1.0f : 0.0f;
      if (is_boxed)
        v *= in_box(w, (static_cast<float>(x) + 0.5f) / static_cast<float>(plane.width),
                    (static_cast<float>(y) + 0.5f) / static_cast<float>(plane.height));
    }
  return plane;
}

std::shared_ptr<const MaskPlane> finished(Plane plane, const StepWhere& w, const View& photo) {
  const float diagonal = std::hypot(static_cast<float>(plane.width), static_cast<float>(plane.height));
  if (w.snaps) plane = snapped_to_edges(plane, luma_plane(photo));
  if (w.feather > 0) plane = feathered(plane, 0.5f * w.feather * diagonal);
  if (w.is_inverted)
    for (float& v : plane.values) v = 1 - v;
  return std::make_shared<const MaskPlane>(MaskPlane{plane.width, plane.height, std::move(plane.values)});
}

Plane rule_plane(const StepWhere& w, const Analysis& photo) {
  constexpr int size = Analysis::size;
  Plane plane(size, size);
  const float *r = photo.rgb.data(), *g = r + size * size, *b = g + size * size;
  const bool is_textured = !std::equal(w.texture, w.texture + 2, StepWhere().texture);
  const Plane detail = is_textured ? detail_of(photo) : Plane();
  const Lab near = w.near.empty() ? Lab{} : lab_of(w.near);
  for (int i = 0; i < size * size; ++i) {
    const auto place = [](int cell) { return (static_cast<float>(cell) + 0.5f) / size; };
    float v = in_box(w, place(i % size), place(i / size));
    if (!w.near.empty()) v *= nearness(lab_of(Rgb<float>{r[i], g[i], b[i]}), w, near);
    if (is_textured) v *= inside(detail.values[i], w.texture[0], w.texture[1], 0.2f);
    plane.values[i] = w.is_inverted ? 1 - v : v;
  }
  return plane;
}

bool has(const Look& look, std::initializer_list<Source> sources) {
  return std::any_of(look.steps.begin(), look.steps.end(), [&](const LookStep& s) {
    return std::find(sources.begin(), sources.end(), s.where.source) != sources.end();
  });
}

}  // namespace

bool wants_mask(const Look& look) { return has(look, {Source::mask, Source::region}); }
bool has_places(const Look& look) { return has(look, {Source::rule}); }

Look with_mask(const Look& look, const PhotoMask& p) {
  Look result = look;
  std::optional<Regions> regions;
  for (std::size_t i = 0; i < result.steps.size(); ++i) {
    LookStep& step = result.steps[i];
    if (step.where.source != Source::mask && step.where.source != Source::region) continue;
    const auto same = std::find_if(result.steps.begin(), result.steps.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const LookStep& s) { return s.where == step.where; });
    if (same != result.steps.begin() + static_cast<std::ptrdiff_t>(i)) {
      step.map = same->map;
      continue;
    }
    if (step.where.source == Source::region && !regions) regions = find_regions(p.mask.view(), p.photo.view());
    step.map.plane =
        finished(step.where.source == Source::mask ? luma_plane(p.mask.view()) : region_plane(step.where, *regions),
                 step.where, p.photo.view());
  }
  return result;
}

Look with_places(const Look& look, const Analysis& photo) {
  Look result = look;
  // Three planes share a table; equal places share a plane.
  std::vector<StepWhere> places;
  for (const LookStep& s : look.steps)
    if (s.where.source == Source::rule && std::find(places.begin(), places.end(), s.where) == places.end())
      places.push_back(s.where);
  for (std::size_t first = 0; first < places.size(); first += 3) {
    const std::size_t count = std::min<std::size_t>(3, places.size() - first);
    std::array<Plane, 3> planes{Plane(1, 1), Plane(1, 1), Plane(1, 1)};
    for (std::size_t i = 0; i < count; ++i) planes[i] = rule_plane(places[first + i], photo);
    const auto table = std::make_shared<const CubeTable>(map_table(planes, photo));
    for (LookStep& s : result.steps)
      for (std::size_t i = 0; i < count; ++i)
        if (s.where == places[first + i]) s.map = {nullptr, table, static_cast<int>(i)};
  }
  return result;
}

Look with_learned_maps(const Look& look, CubeTable maps) {
  Look result = look;
  const auto table = std::make_shared<const CubeTable>(std::move(maps));
  for (LookStep& s : result.steps)
    if (s.where.source == Source::learned) s.map = {nullptr, table, s.where.map};
  return result;
}

Look limited_to_mask(const Look& look, float feather, bool snaps) {
  Look result = look;
  for (LookStep& s : result.steps) {
    if (s.where.is_set()) continue;
    s.where.source = Source::mask;
    s.where.feather = feather, s.where.snaps = snaps;
  }
  return result;
}

}  // namespace sfumato
