// SPDX-License-Identifier: Apache-2.0
#include "measure/regions.h"

#include <fmt/format.h>

#include <algorithm>

#include "measure/lab_difference.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using Color = std::array<std::uint8_t, 3>;

int distance2(const Color& a, const Color& b) {
  int sum = 0;
  for (int c = 0; c < 3; ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

// The colors with the most pixels; what is near one of them is no color of its own.
std::vector<Color> palette_of(const std::vector<Color>& pixels) {
  struct Bin {
    std::size_t count = 0;
    std::array<std::size_t, 3> sum{};
  };
  constexpr int levels = 16;
  std::vector<Bin> bins(levels * levels * levels);
  for (const Color& p : pixels) {
    Bin& bin = bins[(p[0] / levels * levels + p[1] / levels) * levels + p[2] / levels];
    ++bin.count;
    for (int c = 0; c < 3; ++c) bin.sum[c] += p[c];
  }
  std::sort(bins.begin(), bins.end(), [](const Bin& a, const Bin& b) { return a.count > b.count; });
  constexpr double least_share = 0.004;
  constexpr int nearest = 60, most = 64;
  std::vector<Color> palette;
  for (const Bin& bin : bins) {
    if (static_cast<double>(bin.count) < least_share * static_cast<double>(pixels.size()) && !palette.empty()) break;
    Color color;
    for (int c = 0; c < 3; ++c) color[c] = static_cast<std::uint8_t>((bin.sum[c] + bin.count / 2) / bin.count);
    if (std::none_of(palette.begin(), palette.end(),
                     [&](const Color& p) { return distance2(p, color) < nearest * nearest; }))
      palette.push_back(color);
    if (palette.size() > most)
      throw Error(Code::input, fmt::format("found more than {} colors; expected a mask of flat colors", most));
  }
  return palette;
}

// Share of a region in rows y0..y1-1.
double share_in_rows(const Regions& r, int label, int y0, int y1) {
  const auto from = r.label.begin() + static_cast<std::ptrdiff_t>(y0) * r.width;
  const auto to = r.label.begin() + static_cast<std::ptrdiff_t>(y1) * r.width;
  return static_cast<double>(std::count(from, to, label)) / static_cast<double>(to - from);
}

RegionKind kind_of(const Regions& r, int label) {
  constexpr double enough = 0.3;
  const int border = std::max(1, r.height / 40);
  if (share_in_rows(r, label, 0, border) > enough) return RegionKind::background;
  return share_in_rows(r, label, r.height - border, r.height) > enough ? RegionKind::ground : RegionKind::subject;
}

}  // namespace

Regions find_regions(const View& mask, const View& photo) {
  check_same_size(mask, photo);
  Regions r{mask.width, mask.height, {}, {}};
  std::vector<Color> pixels;
  std::vector<std::uint8_t> row(3 * static_cast<std::size_t>(mask.width));
  for (int y = 0; y < mask.height; ++y) {
    read_row_8bit(mask, y, row.data());
    for (int x = 0; x < mask.width; ++x) pixels.push_back({row[3 * x], row[3 * x + 1], row[3 * x + 2]});
  }
  const std::vector<Color> palette = palette_of(pixels);
  std::vector<Region> regions(palette.size());
  std::vector<Lab> lab;
  for (int y = 0; y < mask.height; ++y) {
    read_lab_row(photo, y, LabChain::srgb, lab);
    for (int x = 0; x < mask.width; ++x) {
      const Color& p = pixels[static_cast<std::size_t>(y) * mask.width + x];
      const auto best = std::min_element(palette.begin(), palette.end(), [&](const Color& a, const Color& b) {
        return distance2(a, p) < distance2(b, p);
      });
      const auto label = static_cast<std::uint8_t>(best - palette.begin());
      r.label.push_back(label);
      Region& region = regions[label];
      region.share += 1;
      region.mean.l += lab[x].l, region.mean.a += lab[x].a, region.mean.b += lab[x].b;
    }
  }
  for (std::size_t i = 0; i < regions.size(); ++i) {
    Region& region = regions[i];
    const double count = std::max(1.0, region.share);
    region.color = palette[i];
    region.mean = {region.mean.l / count, region.mean.a / count, region.mean.b / count};
    region.share /= static_cast<double>(pixels.size());
    region.kind = kind_of(r, static_cast<int>(i));
  }
  r.regions = std::move(regions);
  return r;
}

}  // namespace sfumato
