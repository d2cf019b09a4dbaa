// SPDX-License-Identifier: Apache-2.0
#include "transfer/match.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "lane/scalar.h"
#include "look/values.h"
#include "render/engine.h"
#include "sfumato/catalog.h"
#include "transfer/color_map.h"
#include "transfer/color_samples.h"
#include "transfer/match_look.h"

namespace sfumato {
namespace {

// Of `bands` samples per pixel, of which the first three are colors.
void exchange_row(const Exchange& e, int y, float* row, int bands, int width) {
  thread_local PlanarRows planar;
  planar.resize(strip_pixels, 1);
  const Strip colors = planar.row(0);
  for (int x = 0; x < width; x += strip_pixels, row += static_cast<std::ptrdiff_t>(strip_pixels) * bands) {
    const int n = std::min(strip_pixels, width - x);
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < n; ++i) colors.channel[c][i] = row[i * bands + c];
    e.apply(x, y, colors, n);
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < n; ++i) row[i * bands + c] = colors.channel[c][i];
  }
}

// Sums of a color's distances from gray.
struct ChromaSums {
  double sum[3]{}, squares[3]{}, count = 0;

  void add(const Rgb<float>& c) {
    const float light = luma(c), away[3]{c.r - light, c.g - light, c.b - light};
    for (int i = 0; i < 3; ++i) sum[i] += away[i], squares[i] += away[i] * away[i];
    ++count;
  }
  double variance() const {
    double v = 0;
    for (int i = 0; i < 3; ++i) v += squares[i] - sum[i] * sum[i] / count;
    return v;
  }
};

}  // namespace

struct MatchedPicture::Parts {
  struct Region {
    std::unique_ptr<Engine> engine;
    const Plane* share;
  };

  // Rows of the picture in encoded sRGB, and of how the tables change them.
  long long read(const View& rows, int y0, int y1, const MutableView& before, FloatRows& after_rows,
                 const MutableView& change) const;

  // Deviation of chroma after over before, in rows here and there; never more than before.
  float chroma_ratio(const PictureSource&) const;

  int width, height;
  Match match;
  Engine plain, out;
  std::vector<Region> regions;
  Exchange exchanged;  // empty: edges are not kept
};

long long MatchedPicture::Parts::read(const View& rows, int y0, int y1, const MutableView& before,
                                      FloatRows& after_rows, const MutableView& change) const {
  const long long bad = plain.render_band(rows, y0, y1, before);
  std::fill_n(floats(change, 0), static_cast<std::size_t>(width) * (y1 - y0) * 3, 0.0f);
  for (const Region& region : regions) {
    const MutableView after = after_rows.resized(width, y1 - y0, 3);
    region.engine->render_band(rows, y0, y1, after);
    for (int y = y0; y < y1; ++y) {
      const float *from = floats(before, y - y0), *to = floats(after, y - y0);
      float* sum = floats(change, y - y0);
      for (int x = 0; x < width; ++x, from += before.bands, to += 3, sum += 3) {
        const float share = region.share->width ? stretched(*region.share, x, y, width, height) : 1.0f;
        for (int c = 0; c < 3; ++c) sum[c] += share * (to[c] - from[c]);
      }
    }
  }
  return bad;
}

float MatchedPicture::Parts::chroma_ratio(const PictureSource& source) const {
  constexpr int most_rows = 48;
  constexpr double as_before = 0.95;  // is no less
  ChromaSums before_sums, after_sums;
  FloatRows before_rows, after_rows, change_rows;
  const int n = std::min(most_rows, height);
  for (int i = 0; i < n; ++i) {
    const int y = static_cast<int>((i + 0.5) * height / n);
    source.fetch(y, y + 1, [&](const View& rows) {
      const MutableView before = before_rows.resized(width, 1, 3), change = change_rows.resized(width, 1, 3);
      read(rows, y, y + 1, before, after_rows, change);
      const float *b = floats(before, 0), *d = floats(change, 0);
      for (int x = 0; x < width; ++x, b += 3, d += 3) {
        const auto inside = [&](int c, float change) { return clamp(b[c] + change, 0.0f, 1.0f); };
        before_sums.add({inside(0, 0), inside(1, 0), inside(2, 0)});
        after_sums.add({inside(0, d[0]), inside(1, d[1]), inside(2, d[2])});
      }
    });
  }
  const double from = before_sums.variance(), to = after_sums.variance();
  if (from <= 1e-9 * before_sums.count) return 1;
  return static_cast<float>(std::min(1.0, std::sqrt(std::fmax(to, 0.0) / from) / as_before));
}

MatchedPicture::MatchedPicture(const Match& match, const PictureSource& source, const MatchRender& o) {
  const int width = source.width, height = source.height;
  auto parts = std::unique_ptr<Parts>(new Parts{width,
                                                height,
                                                match,
                                                Engine(Plan(Look{}, source.in), width, height, false),
                                                Engine(Plan(Look{}, nullptr, source.out), width, height, o.dither),
                                                {},
                                                {}});
  for (const MatchRegion& region : parts->match)
    parts->regions.push_back(
        {std::make_unique<Engine>(Plan(look_of(region.table), source.in), width, height, false), &region.share});
  if (o.keeps_edges) {
    ExchangeOptions exchange = o.exchange;
    if (exchange.fits_detail) exchange.chroma = parts->chroma_ratio(source);
    parts->exchanged = sfumato::exchanged(
        width, height, exchange,
        [&](int y0, int y1, PlanarRows& guide, PlanarRows& change) {
          thread_local FloatRows before_rows, after_rows, change_rows;
          guide.resize(width, y1 - y0), change.resize(width, y1 - y0);
          source.fetch(y0, y1, [&](const View& rows) {
            const MutableView before = before_rows.resized(width, y1 - y0, 3),
                              moved = change_rows.resized(width, y1 - y0, 3);
            parts->read(rows, y0, y1, before, after_rows, moved);
            for (int y = 0; y < y1 - y0; ++y)
              for (int c = 0; c < 3; ++c) {
                const float *b = floats(before, y) + c, *m = floats(moved, y) + c;
                float *g = guide.row(y).channel[c], *d = change.row(y).channel[c];
                for (int x = 0; x < width; ++x) g[x] = b[3 * x], d[x] = m[3 * x];
              }
          });
        },
        o.threads);
  }
  parts_ = std::move(parts);
}

MatchedPicture::~MatchedPicture() = default;

long long MatchedPicture::render_band(const View& rows, int y0, int y1, const MutableView& to) const {
  thread_local FloatRows before_rows, after_rows, change_rows;
  const Parts& p = *parts_;
  const MutableView before = before_rows.resized(p.width, y1 - y0, rows.bands);
  const bool keeps_edges = p.exchanged.change.count() > 0;
  const MutableView change = change_rows.resized(p.width, y1 - y0, 3);
  const long long bad =
      keeps_edges ? p.plain.render_band(rows, y0, y1, before) : p.read(rows, y0, y1, before, after_rows, change);
  for (int y = y0; y < y1; ++y)
    if (keeps_edges) {
      exchange_row(p.exchanged, y, floats(before, y - y0), before.bands, p.width);
    } else {
      float* v = floats(before, y - y0);
      const float* d = floats(change, y - y0);
      for (int x = 0; x < p.width; ++x, v += before.bands, d += 3)
        for (int c = 0; c < 3; ++c) v[c] += d[c];
    }
  p.out.render_band(view_of(before), y0, y1, to);
  return bad;
}

void render_match(const Match& match, const View& in, const MutableView& out, const MatchRender& o) {
  render_whole(in, out, o.threads,
               [&](const PictureSource& source) { return std::make_shared<const MatchedPicture>(match, source, o); });
}

}  // namespace sfumato
