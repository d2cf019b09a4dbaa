// SPDX-License-Identifier: Apache-2.0
#include "filters/pyramid.h"

#include <algorithm>
#include <array>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include "base/threads.h"

namespace sfumato {

namespace {

constexpr std::align_val_t page{2 << 20};
// Rows asked for at once: enough that a source which itself needs rows around its own does not suffer.
constexpr int chunk_rows = 64;

using Rows = std::array<const float*, 4>;

// Halves four rows of span x into one of x.halved(). `scratch` has room for x.count() + 48.
void halve_row(const FilterRows& kernels, const Rows& rows, Span x, float* scratch, float* to) {
  constexpr int margin = 16;
  float* middle = scratch + margin;
  kernels.decimate_rows(rows.data(), x.count(), middle);
  std::fill_n(middle - margin, margin, middle[0]);
  std::fill_n(middle + x.count(), margin, middle[x.count() - 1]);
  const Span half = x.halved();
  kernels.decimate_columns(middle + (2 * half.first - x.first), half.count(), to);
}

float* scratch_row(int n) {
  // decimate_columns reads whole registers of pairs.
  thread_local AlignedFloats scratch;
  scratch.resize(padded(n) + 96);
  return scratch.data();
}

}  // namespace

Magnifier::Magnifier(int octave) : octave(octave), period(std::max(16, 1 << octave)) {
  const double f = 1 << octave;
  for (int phase = 0; phase < period; ++phase) {
    const double t = (phase + 0.5) / f - 0.5 - (first_cell(phase) + 1), u = 1.0 - t;
    const double w[4]{u * u * u, 4.0 - 6.0 * t * t + 3.0 * t * t * t, 4.0 - 6.0 * u * u + 3.0 * u * u * u, t * t * t};
    for (int i = 0; i < 4; ++i) share[i].push_back(static_cast<float>(w[i] / 6.0));
  }
}

void OctavePlane::Free::operator()(float* p) const { ::operator delete[](p, page); }

// Leaves the memory untouched: its pages then come into being in the threads that fill it. Large pages save a third
// of the time that a blur of 5 pixels takes.
void OctavePlane::allocate() {
  const std::size_t bytes = (3 * static_cast<std::size_t>(stride_) * y_.count() + 16) * sizeof(float);
  cells_.reset(static_cast<float*>(::operator new[](bytes, page)));
#ifdef MADV_HUGEPAGE
  if (bytes >= 4 * static_cast<std::size_t>(page)) madvise(cells_.get(), bytes, MADV_HUGEPAGE);
#endif
}

// Halves rows from the source up to the lowest octave as they come, keeping four rows of each octave between.
class Pyramid::Chain {
 public:
  // Makes rows first..last of the lowest octave.
  Chain(const Pyramid& of, OctavePlane& to, int first, int last) : of_(of), to_(to), steps_(of.lowest_) {
    Span x{0, of.width_ - 1};
    for (int k = 0; k < of.lowest_; ++k, x = x.halved()) {
      steps_[k].x = x;
      if (k > 0) steps_[k].ring.resize(x.count(), 4);
    }
    steps_[of.lowest_ - 1].first = first;
    for (int k = of.lowest_ - 1; k > 0; --k) steps_[k - 1].first = 2 * steps_[k].first - 1;
    y_ = 2 * steps_[0].first - 1;
    for (int k = 0; k < of.lowest_; ++k) last = 2 * last + 2;
    end_ = last + 1;
  }

  void run(const Source& source) {
    const Span picture{0, of_.height_ - 1};
    PlanarRows& rows = chunk();
    int top = 0, bottom = 0;  // rows in the chunk
    for (; y_ < end_; ++y_) {
      const int y = picture.clamp(y_);
      if (y >= bottom) {
        keep_last_rows();
        top = y, bottom = std::min({y + chunk_rows, picture.clamp(end_ - 1) + 1});
        source(top, bottom, rows);
      }
      push(0, y_, rows.row(y - top));
    }
  }

 private:
  struct Step {
    Span x;
    int first;        // row of the next octave to begin with
    PlanarRows ring;  // the last four rows of this octave, which the next is made of
    Strip last[4];    // row y is last[y & 3]
  };

  static PlanarRows& chunk() {
    thread_local PlanarRows rows;
    return rows;
  }

  // The chunk is about to be overwritten while its last rows are still needed.
  void keep_last_rows() {
    if (steps_[0].ring.height() == 0) steps_[0].ring.resize(of_.width_, 4);
    for (int back = 1; back <= 3 && y_ - back >= 2 * steps_[0].first - 1; ++back) {
      Strip& row = steps_[0].last[(y_ - back) & 3];
      const Strip kept = steps_[0].ring.row((y_ - back) & 3);
      if (row.channel[0] == kept.channel[0]) continue;
      for (int c = 0; c < 3; ++c) std::copy_n(row.channel[c], of_.width_, kept.channel[c]);
      row = kept;
    }
  }

  // Takes row y of octave k; every second completes a row of the next.
  void push(int k, int y, const Strip& row) {
    Step& step = steps_[k];
    step.last[y & 3] = row;
    const int half = (y - 2) >> 1;
    if ((y & 1) || half < step.first) return;
    const bool is_last = k + 1 == of_.lowest_;
    Strip to;
    for (int c = 0; c < 3; ++c) {
      to.channel[c] = is_last ? to_.row(c, half) : steps_[k + 1].ring.row(half & 3).channel[c];
      const Rows rows{step.last[(y - 3) & 3].channel[c], step.last[(y - 2) & 3].channel[c],
                      step.last[(y - 1) & 3].channel[c], step.last[y & 3].channel[c]};
      halve_row(of_.kernels_, rows, step.x, scratch_row(step.x.count()), to.channel[c]);
    }
    if (!is_last) push(k + 1, half, to);
  }

  const Pyramid& of_;
  OctavePlane& to_;
  std::vector<Step> steps_;
  int y_, end_;
};

Pyramid::Pyramid(int width, int height, int lowest, int highest, const FilterRows& kernels)
    : width_(width), height_(height), lowest_(lowest), kernels_(kernels) {
  Span x{0, width - 1}, y{0, height - 1};
  for (int k = 1; k <= highest; ++k) {
    x = x.halved(), y = y.halved();
    if (k >= lowest) planes_.emplace_back(x, y);
  }
}

void Pyramid::build(const Source& source, int threads) {
  if (planes_.empty()) return;
  for (OctavePlane& p : planes_) p.allocate();
  // Long enough that the rows which neighbors compute too are few.
  const Span y = planes_[0].y();
  const int rows = std::max(1, 256 >> lowest_);
  parallel_for((y.count() + rows - 1) / rows, threads, [&](int i) {
    const int first = y.first + i * rows;
    Chain(*this, planes_[0], first, std::min(first + rows - 1, y.last)).run(source);
  });
  for (std::size_t k = 1; k < planes_.size(); ++k) halve(planes_[k - 1], planes_[k], threads);
}

void Pyramid::halve(const OctavePlane& from, OctavePlane& to, int threads) const {
  constexpr int rows = 32;
  parallel_for((to.y().count() + rows - 1) / rows, threads, [&](int i) {
    const int first = to.y().first + i * rows, last = std::min(first + rows - 1, to.y().last);
    for (int y = first; y <= last; ++y)
      for (int c = 0; c < 3; ++c) {
        const Rows four{from.row(c, 2 * y - 1), from.row(c, 2 * y), from.row(c, 2 * y + 1), from.row(c, 2 * y + 2)};
        halve_row(kernels_, four, from.x(), scratch_row(from.x().count()), to.row(c, y));
      }
  });
}

}  // namespace sfumato
