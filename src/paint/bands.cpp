// SPDX-License-Identifier: Apache-2.0
#include "paint/bands.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

struct Bands {
  std::vector<Plane> detail;  // finest first
  Plane rest;
};

Bands bands_of(Plane p, int count) {
  Bands bands;
  for (; count > 0 && std::min(p.width, p.height) > 1; --count) {
    Plane half = halved(p);
    const Plane low = doubled(half, p.width, p.height);
    for (std::size_t i = 0; i < p.values.size(); ++i) p.values[i] -= low.values[i];
    bands.detail.push_back(std::move(p));
    p = std::move(half);
  }
  bands.rest = std::move(p);
  return bands;
}

// Deviations of each band, over all channels.
std::vector<double> deviations(const std::vector<Bands>& channels) {
  std::vector<double> all;
  for (std::size_t k = 0; k < channels[0].detail.size(); ++k) {
    double variance = 0;
    for (const Bands& c : channels) {
      const std::vector<float>& v = c.detail[k].values;
      double sum = 0, squares = 0;
      for (const float x : v) sum += x, squares += static_cast<double>(x) * x;
      const double n = static_cast<double>(v.size());
      variance += squares / n - sum / n * (sum / n);
    }
    all.push_back(std::sqrt(std::max(variance, 0.0)));
  }
  return all;
}

std::vector<Bands> bands_of(const Planes& p, int count) {
  std::vector<Bands> all;
  for (const Plane& c : p) all.push_back(bands_of(c, count));
  return all;
}

}  // namespace

Planes with_bands_of(const Planes& style, const Planes& picture, const BandOptions& o) {
  std::vector<Bands> bands = bands_of(picture, o.count);
  const std::vector<double> wanted = deviations(bands_of(style, o.count)), found = deviations(bands);
  Planes out;
  for (Bands& b : bands) {
    Plane p = std::move(b.rest);
    for (std::size_t k = b.detail.size(); k-- > 0;) {
      Plane finer = doubled(p, b.detail[k].width, b.detail[k].height);
      const double ratio = k < wanted.size() && found[k] > 1e-6 ? wanted[k] / found[k] : 1.0;
      const float gain = std::clamp(static_cast<float>(ratio), o.least, o.most);
      for (std::size_t i = 0; i < finer.values.size(); ++i) finer.values[i] += gain * b.detail[k].values[i];
      p = std::move(finer);
    }
    out.push_back(std::move(p));
  }
  return out;
}

}  // namespace sfumato
