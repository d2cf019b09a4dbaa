// SPDX-License-Identifier: Apache-2.0
// Pairs made ready for fitting and for being tried: colors, test pixels, descriptor.
#pragma once

#include <vector>

#include "grade/samples.h"
#include "measure/analysis.h"
#include "pairs/pair.h"
#include "sfumato/look.h"

namespace sfumato {

struct TrialPair {
  explicit TrialPair(const Pair&);

  // Mean delta E 2000 of the test pixels: as they are, and taken so far toward the colors that a look makes of them.
  double input_error() const { return error_of(before); }
  double error_of(const std::vector<Color>& colors, float strength = 1) const;
  double error(const Look& look) const { return error_of(rendered(look)); }
  // The test pixels through a look of colors alone, adapted to the photo.
  std::vector<Color> rendered(const Look&) const;
  // Of the photo as it was rendered: 3 bands of f32.
  double error_in(const Picture&) const;

  Samples samples, whole;            // whole: without what is clipped
  std::vector<Color> before, after;  // test pixels
  std::vector<std::size_t> places;   // of those in the pictures
  Analysis analysis;
  std::vector<float> descriptor;
};

}  // namespace sfumato
