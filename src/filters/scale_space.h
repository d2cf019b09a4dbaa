// SPDX-License-Identifier: Apache-2.0
// Gaussian blur of a width that may change from pixel to pixel, of pictures of any size, in bands.
#pragma once

#include <functional>
#include <vector>

#include "filters/levels.h"
#include "filters/pyramid.h"
#include "image/strip.h"
#include "lane/isa.h"

namespace sfumato {

// Built once per picture from its rows at reduced resolutions; afterwards bands can be blurred from any thread.
// The picture is extended by its edge pixels. The result has the same bits for any split in bands and any number of
// threads; another instruction set changes it by less than 1e-6 of the picture's range. It is within 0.0015 of the
// range of the exact Gaussian everywhere, and exactly the source where sigma is 0.
class ScaleSpace {
 public:
  // sigma_low..sigma_high: the widths (standard deviations) in pixels that blur_band will be asked for; others are
  // clamped to them. Equal: one exact Gaussian, cheaper than a range, and blur_band never calls its sigma.
  ScaleSpace(int width, int height, float sigma_low, float sigma_high, Isa = best_isa());

  // Calls source(y0, y1, rows), from several threads at once and in any order, to get picture rows y0..y1-1 as planar
  // floats: it resizes rows to width x (y1 - y0). A row may be asked for more than once. Makes no call if only
  // full-resolution widths are needed. Rethrows what source throws. threads 0: one per processor.
  using Source = Pyramid::Source;
  void build(const Source& source, int threads);

  // How many rows above and below a band blur_band needs; at most 16.
  int halo() const;

  // Blurs rows y0..y1-1 into `soft`, which it resizes to width x (y1 - y0). `rows` begins at picture row
  // max(0, y0 - halo()) and ends at min(height, y1 + halo()). sigma(y, out) fills the width in pixels of each pixel
  // of row y; out has room for padded(width). Bands of 32 to 128 rows are fastest.
  using Sigma = std::function<void(int y, float* sigma)>;
  void blur_band(const PlanarRows& rows, int y0, int y1, const Sigma& sigma, PlanarRows& soft) const;

 private:
  struct Band;
  struct Cells;
  struct Scratch;

  void place_band(const Band&, const Sigma&, Scratch&) const;
  void blur_cells(int level, Span x, Span y, Scratch&) const;
  void mix(const Band&, LevelRange, int x0, int n, int y, Scratch&, const float* place, const Strip& soft) const;
  void add_level(const Band&, int level, int x0, int n, int y, Scratch&, const float* weight, const Strip& soft) const;

  int width_, height_;
  const FilterRows& kernels_;
  Levels levels_;
  Pyramid pyramid_;
  std::vector<Magnifier> magnifiers_;  // of octave 1 on
};

}  // namespace sfumato
