// SPDX-License-Identifier: Apache-2.0
#include "transfer/exchange.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/threads.h"
#include "lane/isa.h"
#include "lane/scalar.h"
#include "transfer/color_rows.h"
#include "transfer/settle.h"

namespace sfumato {
namespace {

// Deviation of lumas after over before, from sums row by row.
class Contrast {
 public:
  explicit Contrast(int height) : rows_(height) {}
  // A row's lumas, and how they change.
  void add(int y, const float* lumas, float* const change[3], int width) {
    Sums s;
    for (int x = 0; x < width; ++x) {
      // Highlights beyond white would outweigh all the rest.
      const float moved = lumas[x] + luma(Rgb<float>{change[0][x], change[1][x], change[2][x]});
      const double before = clamp(lumas[x], 0.0f, 1.0f), after = clamp(moved, 0.0f, 1.0f);
      s.before += before, s.before2 += before * before, s.after += after, s.after2 += after * after;
    }
    rows_[y] = s;
  }
  // Never more than before: that would be noise too.
  float ratio(double pixels) const {
    constexpr double least = 1.0 / 3;
    Sums all;
    for (const Sums& s : rows_)
      all.before += s.before, all.before2 += s.before2, all.after += s.after, all.after2 += s.after2;
    const double from = all.before2 - all.before * all.before / pixels,
                 to = all.after2 - all.after * all.after / pixels;
    return from > 1e-9 * pixels ? static_cast<float>(std::clamp(std::sqrt(std::fmax(to, 0.0) / from), least, 1.0))
                                : 1.0f;
  }

 private:
  struct Sums {
    double before = 0, before2 = 0, after = 0, after2 = 0;
  };
  std::vector<Sums> rows_;
};

constexpr int change_planes = 3;

// `change` has RF(T - I) and RF(L) for the luma L of I, `detail` L itself.
void fit_detail(Exchange& e, FloatPlanes& detail, const DomainTransform& transform, int threads) {
  constexpr float room = 1.5f;  // for detail, times its mean size
  const int width = detail.width(), height = detail.height();
  parallel_for(height, threads, [&](int y) {
    const float* smooth = e.change.row(change_planes, y);
    float* d = detail.row(0, y);
    for (int x = 0; x < width; ++x) d[x] = std::abs(d[x] - smooth[x]);
  });
  transform.filter(DomainFilter::recursive, detail, threads);
  parallel_for(height, threads, [&](int y) {
    const float *smooth = e.change.row(change_planes, y), *size = detail.row(0, y);
    float *r = e.change.row(0, y), *g = e.change.row(1, y), *b = e.change.row(2, y);
    for (int x = 0; x < width; ++x) {
      const float needed = room * e.contrast * size[x], before = smooth[x],
                  after = before + luma(Rgb<float>{r[x], g[x], b[x]});
      // No more than the photo has itself.
      const float low = min(needed, before), high = max(1.0f - needed, before);
      const float lift = max(low - after, 0.0f) - max(after - high, 0.0f) + (1.0f - e.contrast) * before;
      r[x] += lift, g[x] += lift, b[x] += lift;
    }
  });
}

}  // namespace

DomainTransformOptions ExchangeOptions::filter(int width, int height) const {
  return {std::max(1.0f, reach * static_cast<float>(std::max(width, height))), edges, iterations};
}

void Exchange::apply(int x, int y, const Strip& colors, int n) const {
  const ConstStrip way{{change.row(0, y) + x, change.row(1, y) + x, change.row(2, y) + x}};
  kernels<ColorRows>(best_isa()).exchange(colors, way, {chroma, 1.0f - contrast, knee}, n);
}

Exchange exchanged(int width, int height, const ExchangeOptions& o, const ExchangeRows& rows, int threads) {
  Exchange e{FloatPlanes(width, height, change_planes + o.fits_detail), 1, o.fits_detail ? o.chroma : 1,
             o.fits_detail ? 0.02f : usual_knee};
  FloatPlanes detail;
  if (o.fits_detail) detail = FloatPlanes(width, height, 1);
  Contrast contrast(height);
  // The guide's bands overlap by a row; each change is written by the band that begins at or after it.
  const DomainTransform transform(
      width, height, o.filter(width, height),
      [&](int y0, int y1, PlanarRows& guide) {
        thread_local PlanarRows change;
        rows(y0, y1, guide, change);
        for (int y = y0 == 0 ? 0 : y0 + 1; y < y1; ++y) {
          const auto d = change.row(y - y0), g = guide.row(y - y0);
          for (int c = 0; c < change_planes; ++c) std::memcpy(e.change.row(c, y), d.channel[c], sizeof(float) * width);
          if (!o.fits_detail) continue;
          float* lumas = detail.row(0, y);
          for (int x = 0; x < width; ++x)
            lumas[x] = luma(Rgb<float>{g.channel[0][x], g.channel[1][x], g.channel[2][x]});
          // From the photo with less chroma.
          for (int c = 0; c < change_planes && o.chroma != 1.0f; ++c)
            for (int x = 0; x < width; ++x) e.change.row(c, y)[x] += (1.0f - o.chroma) * (g.channel[c][x] - lumas[x]);
          std::memcpy(e.change.row(change_planes, y), lumas, sizeof(float) * width);
          contrast.add(y, lumas, d.channel, width);
        }
      },
      threads);
  transform.filter(DomainFilter::recursive, e.change, threads);
  if (!o.fits_detail) return e;
  e.contrast = contrast.ratio(static_cast<double>(width) * height);
  fit_detail(e, detail, transform, threads);
  return e;
}

}  // namespace sfumato
