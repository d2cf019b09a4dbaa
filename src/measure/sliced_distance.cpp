// SPDX-License-Identifier: Apache-2.0
#include "measure/sliced_distance.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lane/scalar.h"
#include "measure/plane.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr int patch = 7, patch_values = patch * patch * 3;

// A picture as packed float rows of r, g, b.
struct Pixels {
  int width = 0, height = 0;
  std::vector<float> rgb;
  const float* at(int x, int y) const { return &rgb[3 * (static_cast<std::size_t>(y) * width + x)]; }
};

Pixels pixels_of(const View& v, int threads) {
  Pixels p{v.width, v.height, std::vector<float>(3 * static_cast<std::size_t>(v.width) * v.height)};
  parallel_for(v.height, threads, [&](int y) { read_row(v, y, &p.rgb[3 * static_cast<std::size_t>(y) * v.width]); });
  return p;
}

Pixels halved(const Pixels& in) {
  Pixels out{in.width / 2, in.height / 2, {}};
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x)
      for (int c = 0; c < 3; ++c)
        out.rgb.push_back(0.25f * (in.at(2 * x, 2 * y)[c] + in.at(2 * x + 1, 2 * y)[c] + in.at(2 * x, 2 * y + 1)[c] +
                                   in.at(2 * x + 1, 2 * y + 1)[c]));
  return out;
}

// Projections of all size x size patches, or of those on a grid of at most `most`.
std::vector<float> projections(const Pixels& p, int size, const float* direction, int most) {
  const int width = p.width - size + 1, height = p.height - size + 1;
  const int step = std::max(1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(width) * height / most))));
  std::vector<float> out;
  for (int y = 0; y < height; y += step)
    for (int x = 0; x < width; x += step) {
      float sum = 0.0f;
      for (int j = 0; j < size; ++j) {
        const float *row = p.at(x, y + j), *d = direction + 3 * size * j;
        for (int i = 0; i < 3 * size; ++i) sum += row[i] * d[i];
      }
      out.push_back(sum);
    }
  return out;
}

double sliced(const Pixels& a, const Pixels& b, int size, const std::vector<float>& directions, int quantiles,
              const SlicedOptions& o) {
  const std::size_t values = static_cast<std::size_t>(3 * size * size);
  return 255.0 / o.directions * sum_of_rows<double>(o.directions, o.threads, [&](int i) {
           const float* direction = &directions[values * i];
           std::vector<float> p = projections(a, size, direction, o.most_pixels),
                              q = projections(b, size, direction, o.most_pixels);
           return quantile_distance(p, q, quantiles);
         });
}

double quantile(const std::vector<float>& sorted, double part) {
  const double at = part * static_cast<double>(sorted.size() - 1);
  const std::size_t i = static_cast<std::size_t>(at), next = std::min(i + 1, sorted.size() - 1);
  return sorted[i] + (at - static_cast<double>(i)) * (sorted[next] - sorted[i]);
}

}  // namespace

std::vector<float> random_directions(int count, int dimensions, std::uint32_t seed) {
  std::vector<float> all;
  for (int i = 0; i < count; ++i) {
    std::vector<double> v;
    double squares = 0.0;
    for (int d = 0; d < dimensions; ++d) {
      // [BoxMuller1958].
      const std::uint32_t x = static_cast<std::uint32_t>(i), y = static_cast<std::uint32_t>(2 * d);
      const double u = (hash(seed, x, y) + 0.5) * 0x1p-32, turn = hash(seed, x, y + 1) * 0x1p-32;
      v.push_back(std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * turn));
      squares += v.back() * v.back();
    }
    for (const double value : v) all.push_back(static_cast<float>(value / std::sqrt(squares)));
  }
  return all;
}

double quantile_distance(std::vector<float>& a, std::vector<float>& b, int count) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double sum = 0.0;
  for (int i = 0; i < count; ++i) sum += std::abs(quantile(a, i / (count - 1.0)) - quantile(b, i / (count - 1.0)));
  return sum / count;
}

double sliced_color_distance(const View& a, const View& b, const SlicedOptions& o) {
  return sliced(pixels_of(a, o.threads), pixels_of(b, o.threads), 1, random_directions(o.directions, 3, o.seed), 257,
                o);
}

std::array<double, 3> patch_distance(const View& a, const View& b, const SlicedOptions& o) {
  for (const View& v : {a, b})
    if (std::min(v.width, v.height) < 4 * patch)
      throw Error(Code::input, "found a picture below 28 x 28 pixels; patch statistics at quarter size need more");
  std::vector<float> directions = random_directions(o.directions, patch_values, o.seed);
  for (auto d = directions.begin(); d != directions.end(); d += patch_values) {
    double mean = 0.0, squares = 0.0;
    for (int i = 0; i < patch_values; ++i) mean += d[i] / patch_values;
    for (int i = 0; i < patch_values; ++i) squares += (d[i] - mean) * (d[i] - mean);
    for (int i = 0; i < patch_values; ++i) d[i] = static_cast<float>((d[i] - mean) / std::sqrt(squares));
  }
  Pixels p = pixels_of(a, o.threads), q = pixels_of(b, o.threads);
  std::array<double, 3> distance{};
  for (int level = 0; level < 3; ++level) {
    if (level > 0) p = halved(p), q = halved(q);
    distance[level] = sliced(p, q, patch, directions, 129, o);
  }
  return distance;
}

}  // namespace sfumato
