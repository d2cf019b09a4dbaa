// SPDX-License-Identifier: Apache-2.0
#include "paint/guides.h"

#include <algorithm>
#include <cmath>

#include "lane/scalar.h"

namespace sfumato {
namespace {

ColorSamples samples_of(const Planes& p) {
  constexpr std::size_t most = 1 << 15;
  ColorSamples samples;
  const std::size_t count = p[0].values.size(), step = std::max<std::size_t>(1, count / most);
  for (std::size_t i = 0; i < count; i += step) {
    samples.lab.push_back(oklab_of_srgb({p[0].values[i], p[1].values[i], p[2].values[i]}));
    samples.weight.push_back(1.0f);
  }
  return samples;
}

Plane matched(const Plane& photo, const Plane& style) {
  std::vector<float> from = photo.values, to = style.values;
  std::sort(from.begin(), from.end()), std::sort(to.begin(), to.end());
  Plane out = photo;
  for (float& v : out.values) {
    // The middle of the values that are equal.
    const auto [first, last] = std::equal_range(from.begin(), from.end(), v);
    const double rank = 0.5 * static_cast<double>((first - from.begin()) + (last - from.begin()) - 1);
    const double share = from.size() > 1 ? rank / static_cast<double>(from.size() - 1) : 0.5;
    v = to[static_cast<std::size_t>(std::lround(share * static_cast<double>(to.size() - 1)))];
  }
  return out;
}

double sigma(const Plane& p, float share) {
  return std::max(0.3, static_cast<double>(share) * std::max(p.width, p.height));
}

}  // namespace

Planes colored_as(const Planes& photo, const Planes& style, MatchOnly only) {
  MatchOptions o;
  o.only = only;
  o.protection = 0;
  const CubeTable table = match_colors(samples_of(photo), samples_of(style), o);
  Planes out = photo;
  parallel_for(photo[0].height, 0, [&](int y) {
    for (int x = 0; x < photo[0].width; ++x) {
      const Rgb<float> c = table3(&table, Rgb<float>{photo[0].row(y)[x], photo[1].row(y)[x], photo[2].row(y)[x]});
      out[0].row(y)[x] = c.r, out[1].row(y)[x] = c.g, out[2].row(y)[x] = c.b;
    }
  });
  return out;
}

Guides make_guides(const Planes& colored, const Planes& style, const GuideOptions& o, int threads) {
  Guides g;
  for (const Plane& p : colored) g.photo.push_back(blurred(p, sigma(p, o.photo_blur), threads));
  for (const Plane& p : style) g.style.push_back(blurred(p, sigma(p, o.style_blur), threads));
  const Plane luma = luma_of(style);
  g.photo.push_back(blurred(matched(luma_of(colored), luma), sigma(luma, o.photo_blur), threads));
  g.style.push_back(blurred(luma, sigma(luma, o.style_blur), threads));
  return g;
}

}  // namespace sfumato
