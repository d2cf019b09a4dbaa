// SPDX-License-Identifier: Apache-2.0
#include "show_maps.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "lane/mask_plane.h"
#include "lane/scalar.h"
#include "pairs/photo.h"
#include "render/analyze_file.h"

namespace sfumato {
namespace {

// At the analysis image's size.
Plane plane_of(const StepMap& map, const Analysis& photo) {
  constexpr int size = Analysis::size;
  if (map.plane) {
    Plane whole(map.plane->width, map.plane->height);
    whole.values = map.plane->values;
    return resized(whole, size, size);
  }
  Plane out(size, size);
  const float *r = photo.rgb.data(), *g = r + size * size, *b = g + size * size;
  for (int i = 0; i < size * size; ++i) {
    const auto place = [](int cell) { return (static_cast<float>(cell) + 0.5f) / size; };
    const Rgb<float> at{luma(Rgb<float>{r[i], g[i], b[i]}), place(i % size), place(i / size)};
    const Rgb<float> v = table3(map.table.get(), at);
    out.values[i] = map.channel == 0 ? v.r : map.channel == 1 ? v.g : v.b;
  }
  return out;
}

void write_gray(const Plane& plane, float aspect, const std::string& path) {
  constexpr float long_edge = 512;
  const int width = static_cast<int>(std::lround(aspect >= 1 ? long_edge : long_edge * aspect));
  const int height = static_cast<int>(std::lround(aspect >= 1 ? long_edge / aspect : long_edge));
  const Plane shaped = resized(plane, std::max(1, width), std::max(1, height));
  Picture picture(shaped.width, shaped.height, Sample::u8);
  for (std::size_t i = 0; i < shaped.values.size(); ++i)
    for (int c = 0; c < 3; ++c)
      picture.samples<std::uint8_t>()[3 * i + c] =
          static_cast<std::uint8_t>(std::lround(255 * std::clamp(shaped.values[i], 0.0f, 1.0f)));
  write_picture(picture.view(), path);
}

}  // namespace

std::vector<std::string> show_maps(const FileJob& job, const std::string& folder) {
  namespace fs = std::filesystem;
  const Analysis photo = analyze_file(job.input, job.open);
  const Look look = masked(job.recipe.resolve(&photo).look, job.mask, job.input, photo.aspect, job.open);
  std::vector<StepMap> shown;
  std::vector<std::string> names;
  for (const LookStep& step : look.steps) {
    const auto is_same = [&](const StepMap& m) {
      return m.plane == step.map.plane && m.table == step.map.table && m.channel == step.map.channel;
    };
    if (!step.map || std::any_of(shown.begin(), shown.end(), is_same)) continue;
    shown.push_back(step.map);
    names.push_back(
        (fs::path(folder) / fmt::format("{}_map{}.png", fs::path(job.input).stem().string(), shown.size())).string());
    write_gray(plane_of(step.map, photo), photo.aspect, names.back());
  }
  return names;
}

}  // namespace sfumato
