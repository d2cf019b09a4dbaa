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

  // Mean delta E 2000 of the test pixels: without a look, and through one of colors alone, adapted to the photo
  // and dialed.
  double input_error() const { return error_of(before); }
  double error(const Look&, float strength = 1) const;
  // Of the photo as it was rendered: 3 bands of f32.
  double error_in(const Picture&) const;

  Samples samples, whole;            // whole: without what is clipped
  std::vector<Color> before, after;  // test pixels
  std::vector<std::size_t> places;   // of those in the pictures
  Analysis analysis;
  std::vector<float> descriptor;

 private:
  double error_of(const std::vector<Color>&) const;
};

}  // namespace sfumato
