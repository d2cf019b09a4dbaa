// SPDX-License-Identifier: Apache-2.0
// Color and light of one picture, detail of another.
#pragma once

#include <functional>

#include "filters/domain_transform.h"
#include "image/float_planes.h"
#include "lane/pixel.h"

namespace sfumato {

struct ExchangeOptions {
  float reach = 0.05f;  // sigma_s of the domain transform as a share of the picture's longer side
  float edges = 0.8f;   // its sigma_r, of the sum of encoded red, green and blue
  int iterations = 3;
  // Detail as strong beside the whole picture's contrast as it was, and shadows as far from black (highlights from
  // white) as their detail needs. Without, I - RF_I(I) + RF_I(T) as it stands.
  bool fits_detail = true;

  DomainTransformOptions filter(int width, int height) const;
};

constexpr float usual_knee = 0.1f;  // see settled()

// I - RF_I(I) + RF_I(T) in the linear form I + RF_I(T - I), where RF_I is the recursive domain transform guided by I.
struct Exchange {
  FloatPlanes change;  // three planes, or more of which three count
  float contrast = 1;  // of the result's detail, as a share of the photo's
  float knee = 0;      // of settled()

  // What becomes of the photo's color there.
  Rgb<float> at(int x, int y, const Rgb<float>& photo) const;
};

// rows(y0, y1, guide, change) fills both with rows of I and of T - I, from several threads at once.
// Throws Code::resource, and what `rows` throws.
using ExchangeRows = std::function<void(int y0, int y1, PlanarRows& guide, PlanarRows& change)>;
Exchange exchanged(int width, int height, const ExchangeOptions&, const ExchangeRows& rows, int threads = 0);

// What an exchange made of color `before`, brought into 0..1: its luma softly, so that detail in the dark does not go
// under, its chroma as far as it fits. Equal colors stay, and so do wide gamuts and highlights outside 0..1. `knee`:
// how near to an end lumas begin to be moved.
Rgb<float> settled(const Rgb<float>& before, const Rgb<float>& after, float knee = usual_knee);

}  // namespace sfumato
