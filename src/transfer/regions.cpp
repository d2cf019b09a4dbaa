// SPDX-License-Identifier: Apache-2.0
#include "transfer/regions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "transfer/color_samples.h"

namespace sfumato {
namespace {

constexpr int mask_side = 256, grid_side = 64;

// The middle of each cell of a grid over a picture, at most `side` cells along its longer side.
struct Grid {
  Grid(const View& v, int side) : view(v) {
    const double scale = std::min(1.0, static_cast<double>(side) / std::max(v.width, v.height));
    width = std::max(1, static_cast<int>(std::lround(v.width * scale)));
    height = std::max(1, static_cast<int>(std::lround(v.height * scale)));
  }
  int count() const { return width * height; }
  // Calls use(cell, red-green-blue) for every cell.
  template <class Use>
  void each(const Use& use) const {
    std::vector<float> row(3 * static_cast<std::size_t>(view.width));
    for (int j = 0; j < height; ++j) {
      read_row(view, static_cast<int>((j + 0.5) * view.height / height), row.data());
      for (int i = 0; i < width; ++i)
        use(j * width + i, &row[3 * static_cast<std::size_t>((i + 0.5) * view.width / width)]);
    }
  }
  View view;
  int width, height;
};

using Color = std::array<float, 3>;
constexpr std::array<Color, 9> mask_colors{
    {{0, 0, 0}, {0.5f, 0.5f, 0.5f}, {1, 1, 1}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}, {0, 1, 1}, {1, 0, 1}}};

float distance2(const float* a, const float* b, int n) {
  float sum = 0;
  for (int i = 0; i < n; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// Lightness, color and height in the picture, weighed so that each counts about as much.
using Feature = std::array<float, 4>;

std::vector<Feature> features_of(const Grid& grid) {
  std::vector<Feature> all(static_cast<std::size_t>(grid.count()));
  grid.each([&](int cell, const float* rgb) {
    const bool is_finite = std::isfinite(rgb[0] + rgb[1] + rgb[2]);
    const Rgb<float> lab = is_finite ? oklab_of_srgb({rgb[0], rgb[1], rgb[2]}) : Rgb<float>{0, 0, 0};
    const float down = (static_cast<float>(cell / grid.width) + 0.5f) / static_cast<float>(grid.height);
    all[cell] = {lab.r, 3.0f * lab.g, 3.0f * lab.b, 0.7f * down};
  });
  return all;
}

struct Clusters {
  std::vector<Feature> centers;
  std::vector<float> masses;  // shares of all features
};

std::size_t nearest(const std::vector<Feature>& centers, const Feature& f) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < centers.size(); ++k)
    if (distance2(centers[k].data(), f.data(), 4) < distance2(centers[best].data(), f.data(), 4)) best = k;
  return best;
}

// k-means [Lloyd1982], begun at quantiles of lightness.
Clusters clusters_of(std::vector<Feature> features, int count) {
  std::sort(features.begin(), features.end());
  Clusters c{std::vector<Feature>(static_cast<std::size_t>(count)),
             std::vector<float>(static_cast<std::size_t>(count))};
  for (int k = 0; k < count; ++k)
    c.centers[k] = features[static_cast<std::size_t>((k + 0.5) / count * static_cast<double>(features.size()))];
  for (int round = 0; round < 20; ++round) {
    std::vector<std::array<double, 5>> sums(static_cast<std::size_t>(count));
    for (const Feature& f : features) {
      auto& s = sums[nearest(c.centers, f)];
      for (int i = 0; i < 4; ++i) s[i] += f[i];
      s[4] += 1;
    }
    for (int k = 0; k < count; ++k) {
      c.masses[k] = static_cast<float>(sums[k][4] / static_cast<double>(features.size()));
      for (int i = 0; i < 4 && sums[k][4] > 0; ++i) c.centers[k][i] = static_cast<float>(sums[k][i] / sums[k][4]);
    }
  }
  return c;
}

// Which of `to` each of `from` goes with, at the least cost over all assignments. Lightness and color count relative to
// each picture's own mean, since it is them that will change.
std::vector<int> assignment(const Clusters& from, const Clusters& to) {
  auto relative = [](const Clusters& c) {
    std::vector<Feature> all = c.centers;
    for (int i = 0; i < 3; ++i) {
      float mean = 0;
      for (std::size_t k = 0; k < all.size(); ++k) mean += c.masses[k] * c.centers[k][i];
      for (Feature& f : all) f[i] -= mean;
    }
    return all;
  };
  const std::vector<Feature> a = relative(from), b = relative(to);
  std::vector<int> order(a.size()), best;
  std::iota(order.begin(), order.end(), 0);
  float least = 0;
  do {
    float cost = 0;
    for (std::size_t k = 0; k < a.size(); ++k)
      cost += std::sqrt(from.masses[k] * to.masses[order[k]]) * distance2(a[k].data(), b[order[k]].data(), 4);
    if (best.empty() || cost < least) least = cost, best = order;
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

RegionShares soft_shares(const Grid& grid, const std::vector<Feature>& features, const std::vector<Feature>& centers) {
  constexpr float softness = 0.02f;  // squared distance in features over which one region fades into another
  RegionShares shares(centers.size(), Plane(grid.width, grid.height));
  for (std::size_t i = 0; i < features.size(); ++i) {
    const float least = distance2(centers[nearest(centers, features[i])].data(), features[i].data(), 4);
    float sum = 0;
    for (std::size_t k = 0; k < centers.size(); ++k)
      sum += shares[k].values[i] = std::exp((least - distance2(centers[k].data(), features[i].data(), 4)) / softness);
    for (Plane& p : shares) p.values[i] /= sum;
  }
  return shares;
}

}  // namespace

RegionShares regions_of_mask(const View& mask) {
  const Grid grid(mask, mask_side);
  RegionShares shares(mask_colors.size());
  bool is_gray = true;
  grid.each([&](int, const float* c) {
    is_gray = is_gray && std::max({c[0], c[1], c[2]}) - std::min({c[0], c[1], c[2]}) < 0.1f;
  });
  grid.each([&](int cell, const float* c) {
    auto add = [&](std::size_t region, float share) {
      if (share > 0 && !shares[region].width) shares[region] = Plane(grid.width, grid.height);
      if (share > 0) shares[region].values[cell] = share;
    };
    if (is_gray) {
      const float v = std::clamp(c[1], 0.0f, 1.0f);
      return add(0, 1.0f - v), add(2, v);
    }
    std::size_t best = 0;
    for (std::size_t k = 1; k < mask_colors.size(); ++k)
      if (distance2(mask_colors[k].data(), c, 3) < distance2(mask_colors[best].data(), c, 3)) best = k;
    add(best, 1.0f);
  });
  return shares;
}

std::vector<RegionShares> find_regions(const View& photo, std::span<const View> references, int count) {
  std::vector<Grid> grids{Grid(photo, grid_side)};
  for (const View& r : references) grids.emplace_back(r, grid_side);
  std::vector<std::vector<Feature>> features;
  std::vector<Feature> of_references;
  for (const Grid& g : grids) {
    features.push_back(features_of(g));
    if (features.size() > 1) of_references.insert(of_references.end(), features.back().begin(), features.back().end());
  }
  const Clusters from = clusters_of(features[0], count), to = clusters_of(of_references, count);
  const std::vector<int> partner = assignment(from, to);
  std::vector<Feature> partners;
  for (const int k : partner) partners.push_back(to.centers[k]);
  std::vector<RegionShares> all{soft_shares(grids[0], features[0], from.centers)};
  for (std::size_t i = 1; i < grids.size(); ++i) all.push_back(soft_shares(grids[i], features[i], partners));
  return all;
}

}  // namespace sfumato
