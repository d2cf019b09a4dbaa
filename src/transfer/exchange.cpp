// SPDX-License-Identifier: Apache-2.0
#include "transfer/exchange.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "lane/scalar.h"

namespace sfumato {
namespace {

float luma(const Rgb<float>& c) { return 0.299f * c.r + 0.587f * c.g + 0.114f * c.b; }

constexpr float widest = 0.1f;  // from the ends of the range

// A value that fell from `before` toward or below 0 runs out softly instead, so that detail in the dark stays visible.
float run_out(float before, float after) {
  const float knee = min(widest, before);
  return after >= knee ? after : knee * std::exp((after - knee) / max(knee, 1e-6f));
}

}  // namespace

DomainTransformOptions ExchangeOptions::filter(int width, int height) const {
  return {std::max(1.0f, reach * static_cast<float>(std::max(width, height))), edges, iterations};
}

FloatPlanes exchanged(int width, int height, const ExchangeOptions& o, const ExchangeRows& rows, int threads) {
  FloatPlanes planes(width, height, 3);
  // The guide's bands overlap by a row; each change is written by the band that begins at or after it.
  const DomainTransform transform(
      width, height, o.filter(width, height),
      [&](int y0, int y1, PlanarRows& guide) {
        thread_local PlanarRows change;
        rows(y0, y1, guide, change);
        for (int y = y0 == 0 ? 0 : y0 + 1; y < y1; ++y)
          for (int c = 0; c < 3; ++c)
            std::memcpy(planes.row(c, y), change.row(y - y0).channel[c], sizeof(float) * width);
      },
      threads);
  transform.filter(DomainFilter::recursive, planes, threads);
  return planes;
}

Rgb<float> settled(const Rgb<float>& before, const Rgb<float>& c) {
  if (min(min(c.r, c.g), c.b) >= widest && max(max(c.r, c.g), c.b) <= 1.0f - widest) return c;
  if (min(min(before.r, before.g), before.b) < 0.0f || max(max(before.r, before.g), before.b) > 1.0f) return c;
  const float luma_before = luma(before);
  const float from = luma(c), dark = run_out(luma_before, from), to = 1.0f - run_out(1.0f - luma_before, 1.0f - dark);
  const float shift = to - from, low = min(min(c.r, c.g), c.b) + shift, high = max(max(c.r, c.g), c.b) + shift;
  float share = 1.0f;
  if (low < 0.0f) share = to / (to - low);
  if (high > 1.0f) share = min(share, (1.0f - to) / (high - to));
  const Rgb<float> moved{c.r + shift - to, c.g + shift - to, c.b + shift - to};
  return {to + share * moved.r, to + share * moved.g, to + share * moved.b};
}

}  // namespace sfumato
