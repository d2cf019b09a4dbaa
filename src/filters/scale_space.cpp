// SPDX-License-Identifier: Apache-2.0
#include "filters/scale_space.h"

#include <algorithm>

namespace sfumato {

namespace {

// Pixels mixed at a time: their sums stay in the first-level cache, and levels that none takes from are skipped.
constexpr int block_pixels = 128;
constexpr int max_radius = 16;
// Room on either side of a row for what a convolution reads there.
constexpr int margin = 2 * max_radius + 16;

// Columns x0..x0+n-1 of the row around rows[radius] convolved in both directions. rows[t] points at column `x.first`.
void convolve(const FilterRows& kernels, const float* const* rows, Span x, const Level& level, int x0, int n,
              float* to) {
  thread_local AlignedFloats buffer;
  const int taps = static_cast<int>(level.taps.size()), radius = level.radius();
  buffer.resize(padded(x.count()) + 2 * margin + 16);
  float* column = buffer.data() + margin - x.first;
  const int from = x.clamp(x0 - radius), to_last = x.clamp(x0 + n - 1 + radius);
  const int start = (from - x.first) & ~15;
  const float* aligned[2 * max_radius + 1];
  for (int t = 0; t < taps; ++t) aligned[t] = rows[t] + start;
  kernels.weigh_rows(aligned, level.taps.data(), taps, to_last - x.first - start + 1, column + x.first + start);
  for (int i = x0 - radius; i < x.first; ++i) column[i] = column[x.first];
  for (int i = x.last + 1; i < x0 + n + radius; ++i) column[i] = column[x.last];
  kernels.weigh_columns(column + x0 - radius, level.taps.data(), taps, n, to);
}

}  // namespace

// Rows of the source that a band sees.
struct ScaleSpace::Band {
  const PlanarRows& rows;
  int top;  // picture row of rows' row 0
  int y0, y1;
};

// A level's blurred cells within a band.
struct ScaleSpace::Cells {
  Span x{0, -1}, y{0, -1};
  int stride = 0;
  AlignedFloats channel[3];
  const float* row(int c, int at) const { return channel[c].data() + static_cast<std::size_t>(at - y.first) * stride; }
  float* row(int c, int at) { return channel[c].data() + static_cast<std::size_t>(at - y.first) * stride; }
};

// One per thread, so that bands reuse their memory.
struct ScaleSpace::Scratch {
  std::vector<Cells> cells;        // of each level
  std::vector<Span> x, y;          // pixels of the band that take from each level
  std::vector<Extremes> extremes;  // places in each block of each row
  AlignedFloats sigma, place, weight, row, spline;
  static Scratch& of_thread() {
    thread_local Scratch scratch;
    return scratch;
  }
};

ScaleSpace::ScaleSpace(int width, int height, float sigma_low, float sigma_high, Isa isa)
    : width_(width),
      height_(height),
      kernels_(kernels<FilterRows>(isa)),
      levels_(sigma_low, sigma_high),
      pyramid_(width, height, std::max(1, levels_[levels_.used().first].octave), levels_[levels_.used().last].octave,
               kernels_) {
  for (int k = 1; k <= levels_[levels_.used().last].octave; ++k) magnifiers_.emplace_back(k);
}

void ScaleSpace::build(const Source& source, int threads) { pyramid_.build(source, threads); }

int ScaleSpace::halo() const {
  int radius = 0;
  for (int j = levels_.used().first; j <= levels_.used().last; ++j)
    if (levels_[j].octave == 0) radius = std::max(radius, levels_[j].radius());
  return radius;
}

// Blurs the cells under pixels x, y of the band.
void ScaleSpace::blur_cells(int j, Span x, Span y, Scratch& scratch) const {
  const Level& level = levels_[j];
  const OctavePlane& plane = pyramid_.octave(level.octave);
  const Magnifier& m = magnifiers_[level.octave - 1];
  Cells& cells = scratch.cells[j];
  cells.x = {m.first_cell(x.first), m.first_cell(x.last) + 3};
  cells.y = {m.first_cell(y.first), m.first_cell(y.last) + 3};
  cells.stride = padded(cells.x.count());
  const float* rows[2 * max_radius + 1];
  for (int c = 0; c < 3; ++c) {
    cells.channel[c].resize(static_cast<std::size_t>(cells.stride) * cells.y.count());
    for (int at = cells.y.first; at <= cells.y.last; ++at) {
      for (int t = -level.radius(); t <= level.radius(); ++t) rows[t + level.radius()] = plane.row(c, at + t);
      convolve(kernels_, rows, plane.x(), level, cells.x.first, cells.x.count(), cells.row(c, at));
    }
  }
}

// Pixels x0..x0+n-1 of row y of one level: added to `soft` with weights, or stored.
void ScaleSpace::add_level(const Band& band, int j, int x0, int n, int y, Scratch& scratch, const float* weight,
                           const Strip& soft) const {
  const Level& level = levels_[j];
  for (int c = 0; c < 3; ++c) {
    if (level.octave == 0) {
      const float* rows[2 * max_radius + 1];
      for (int t = -level.radius(); t <= level.radius(); ++t)
        rows[t + level.radius()] = band.rows.row(std::clamp(y + t, 0, height_ - 1) - band.top).channel[c];
      float* to = weight ? scratch.row.data() : soft.channel[c];
      convolve(kernels_, rows, {0, width_ - 1}, level, x0, n, to);
      if (weight) kernels_.accumulate(to, weight, n, soft.channel[c]);
      continue;
    }
    const Magnifier& m = magnifiers_[level.octave - 1];
    const Cells& cells = scratch.cells[j];
    const int first = m.first_cell(x0), count = m.first_cell(x0 + n - 1) + 4 - first;
    const float* rows[4];
    float share[4];
    for (int t = 0; t < 4; ++t) {
      rows[t] = cells.row(c, m.first_cell(y) + t) + (first - cells.x.first);
      share[t] = m.share[t][m.phase(y)];
    }
    kernels_.weigh_rows(rows, share, 4, count, scratch.spline.data());
    if (weight)
      kernels_.magnify_add(scratch.spline.data(), m, x0, n, weight, soft.channel[c]);
    else
      kernels_.magnify(scratch.spline.data(), m, x0, n, soft.channel[c]);
  }
}

void ScaleSpace::mix(const Band& band, LevelRange used, int x0, int n, int y, Scratch& scratch, const float* place,
                     const Strip& soft) const {
  if (used.first == used.last) {
    add_level(band, used.first, x0, n, y, scratch, nullptr, soft);
    return;
  }
  for (int c = 0; c < 3; ++c) std::fill_n(soft.channel[c], n, 0.0f);
  for (int j = used.first; j <= used.last; ++j) {
    kernels_.share_level(place, levels_.share(j), n, scratch.weight.data());
    add_level(band, j, x0, n, y, scratch, scratch.weight.data(), soft);
  }
}

// Finds the place of each pixel of the band, and which pixels each level is needed for.
void ScaleSpace::place_band(const Band& band, const Sigma& sigma, Scratch& s) const {
  const int blocks = (width_ + block_pixels - 1) / block_pixels, stride = padded(width_);
  s.x.assign(levels_.used().last + 1, {0, -1});
  s.y = s.x;
  s.extremes.resize(static_cast<std::size_t>(blocks) * (band.y1 - band.y0));
  s.sigma.resize(stride);
  s.place.resize(static_cast<std::size_t>(stride) * (band.y1 - band.y0));
  for (int y = band.y0; y < band.y1; ++y) {
    sigma(y, s.sigma.data());
    std::fill(s.sigma.data() + width_, s.sigma.data() + stride, s.sigma.data()[width_ - 1]);
    for (int b = 0; b < blocks; ++b) {
      const int x0 = b * block_pixels, n = std::min(block_pixels, width_ - x0);
      float* place = s.place.data() + static_cast<std::size_t>(y - band.y0) * stride + x0;
      const Extremes e = kernels_.place_widths(s.sigma.data() + x0, levels_.scale(), n, place);
      s.extremes[static_cast<std::size_t>(y - band.y0) * blocks + b] = e;
      const LevelRange used = levels_.used(e);
      for (int j = used.first; j <= used.last; ++j) {
        s.x[j] = s.x[j].with({x0, x0 + n - 1});
        s.y[j] = s.y[j].with({y, y});
      }
    }
  }
}

void ScaleSpace::blur_band(const PlanarRows& rows, int y0, int y1, const Sigma& sigma, PlanarRows& soft) const {
  Scratch& s = Scratch::of_thread();
  const Band band{rows, std::max(0, y0 - halo()), y0, y1};
  const int last = levels_.used().last;
  s.cells.resize(std::max<std::size_t>(s.cells.size(), last + 1));
  s.row.resize(padded(width_));
  s.weight.resize(block_pixels);
  s.spline.resize(padded(width_) + 32);
  soft.resize(width_, y1 - y0);

  if (levels_.is_single()) {
    if (levels_[0].octave > 0) blur_cells(0, {0, width_ - 1}, {y0, y1 - 1}, s);
    for (int y = y0; y < y1; ++y) add_level(band, 0, 0, width_, y, s, nullptr, soft.row(y - y0));
    return;
  }
  place_band(band, sigma, s);
  for (int j = 0; j <= last; ++j)
    if (levels_[j].octave > 0 && s.x[j].count() > 0) blur_cells(j, s.x[j], s.y[j], s);
  const int blocks = (width_ + block_pixels - 1) / block_pixels;
  for (int y = y0; y < y1; ++y)
    for (int b = 0; b < blocks; ++b) {
      const int x0 = b * block_pixels, n = std::min(block_pixels, width_ - x0);
      const float* place = s.place.data() + static_cast<std::size_t>(y - y0) * padded(width_) + x0;
      const LevelRange used = levels_.used(s.extremes[static_cast<std::size_t>(y - y0) * blocks + b]);
      mix(band, used, x0, n, y, s, place, soft.row(y - y0).from(x0));
    }
}

}  // namespace sfumato
