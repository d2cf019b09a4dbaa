// SPDX-License-Identifier: Apache-2.0
// Edge-aware smoothing in linear time [Gastal2011]: along rows and columns by turns, over distances that grow where a
// guide picture changes, so that nothing is carried across its edges.
#pragma once

#include <functional>

#include "image/float_planes.h"
#include "image/strip.h"
#include "lane/isa.h"

namespace sfumato {

enum class DomainFilter {
  recursive,                 // feedback from neighbor to neighbor; the fastest, tails fall exponentially
  normalized_convolution,    // the mean of the samples within a box
  interpolated_convolution,  // the mean of the linearly interpolated signal within a box
};

struct DomainTransformOptions {
  float sigma_s = 60;    // reach in pixels, as the standard deviation of the whole filter
  float sigma_r = 0.4f;  // sum of changes of the guide's channels that counts as much as sigma_s
  int iterations = 3;

  // Standard deviation of the filter in iteration i of 0..iterations-1, [Gastal2011] eq. 14. Each is half the one
  // before.
  double sigma_of(int i) const;
};

class DomainTransform {
 public:
  // The guide's rows, as ScaleSpace::Source: called from several threads at once; resizes `rows` to width x (y1 - y0).
  // Bands overlap by a row: y0 is 0 or the last row of the band before.
  using Guide = std::function<void(int y0, int y1, PlanarRows& rows)>;

  // Measures the distances 1 + sigma_s / sigma_r * sum |change| between neighbors, [Gastal2011] eq. 11.
  // Throws Code::resource, and what `guide` throws.
  DomainTransform(int width, int height, const DomainTransformOptions&, const Guide& guide, int threads = 0,
                  Isa = best_isa());

  // Smooths every plane in place; `picture` has the guide's size. The same bits for any number of threads.
  void filter(DomainFilter, FloatPlanes& picture, int threads = 0) const;

  // Distances from the pixel at the left and from the one above; 0 in the first column and row.
  const float* from_left(int y) const { return distances_.row(0, y); }
  const float* from_above(int y) const { return distances_.row(1, y); }

 private:
  void recur(FloatPlanes&, double sigma, int threads) const;
  void convolve(DomainFilter, FloatPlanes&, double sigma, int threads) const;

  DomainTransformOptions options_;
  FloatPlanes distances_;
  Isa isa_;
};

}  // namespace sfumato
