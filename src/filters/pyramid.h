// SPDX-License-Identifier: Apache-2.0
// A picture at halved resolutions: cell c of octave k is centered at pixel (c + 0.5) * 2^k - 0.5.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "filters/rows.h"
#include "image/strip.h"

namespace sfumato {

// Whole numbers first..last; whatever is outside equals the nearer end.
struct Span {
  int first, last;
  int count() const { return last - first + 1; }
  int clamp(int i) const { return i < first ? first : i > last ? last : i; }
  // Grown to hold more; one of no numbers becomes the other.
  Span with(Span o) const {
    return count() <= 0 ? o : Span{first < o.first ? first : o.first, last > o.last ? last : o.last};
  }
  // Cells of the next octave that see more than one value of this span, and one more on either side.
  Span halved() const { return {(first - 2) >> 1, (last + 2) >> 1}; }
};

// The cells of one octave, planar. Rows and columns outside are those of the nearer edge.
class OctavePlane {
 public:
  OctavePlane(Span x, Span y) : x_(x), y_(y), stride_(padded(x.count())) {}
  void allocate();
  Span x() const { return x_; }
  Span y() const { return y_; }
  // Points at cell x().first; readable to padded(x().count()).
  const float* row(int channel, int y) const { return at(channel, y_.clamp(y)); }
  float* row(int channel, int y) { return at(channel, y_.clamp(y)); }

 private:
  struct Free {
    void operator()(float* p) const;
  };
  float* at(int channel, int y) const {
    return cells_.get() + (static_cast<std::size_t>(channel) * y_.count() + (y - y_.first)) * stride_;
  }

  Span x_, y_;
  int stride_;
  std::unique_ptr<float[], Free> cells_;
};

class Pyramid {
 public:
  // Keeps octaves lowest..highest, lowest >= 1.
  Pyramid(int width, int height, int lowest, int highest, const FilterRows&);
  // Calls it as ScaleSpace::build says.
  using Source = std::function<void(int y0, int y1, PlanarRows& rows)>;
  void build(const Source&, int threads);
  const OctavePlane& octave(int k) const { return planes_[k - lowest_]; }

 private:
  class Chain;
  void halve(const OctavePlane& from, OctavePlane& to, int threads) const;

  int width_, height_, lowest_;
  const FilterRows& kernels_;
  std::vector<OctavePlane> planes_;
};

}  // namespace sfumato
