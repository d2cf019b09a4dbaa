// SPDX-License-Identifier: Apache-2.0
// What painting does to pictures as planes of encoded values.
#pragma once

#include <utility>
#include <vector>

#include "measure/plane.h"

namespace sfumato {

using Planes = std::vector<Plane>;  // of one size

// Makes `count` planes of to_width x to_height from rows of width x height: each pixel a tent as wide as the pixels of
// the coarser grid.
class Resampler {
 public:
  Resampler(int width, int height, int count, int to_width, int to_height);
  // Row y, interleaved; each once.
  void add(int y, const float* values);
  Planes take() { return std::move(planes_); }

 private:
  // Which cells a sample goes to, with what weights.
  struct Shares {
    int first = 0;
    std::vector<float> weight;
  };
  static std::vector<Shares> tent(int from, int to);

  std::vector<Shares> across_, down_;
  std::size_t count_;
  Planes planes_;
  std::vector<float> sums_;
};

// Means of 2 x 2; an odd last row or column is repeated.
Plane halved(const Plane&);
// The inverse for smooth planes, bilinear.
Plane doubled(const Plane& half, int width, int height);
// A sampled Gaussian; outside, the picture continues with its edge.
Plane blurred(const Plane&, double sigma, int threads = 0);
// At pixel centers (x, y), bilinear, clamped.
float bilinear(const Plane&, float x, float y);
// Three planes at once by cubic convolution [Keys1981], which is smooth where a picture is enlarged.
void bicubic(const Planes&, float x, float y, float rgb[3]);
// Row y of the three planes stretched so to width x height.
void stretched_row(const Planes&, int width, int height, int y, float* const rgb[3]);
// Red, green and blue as luma [BT.601].
Plane luma_of(const Planes& rgb);

}  // namespace sfumato
