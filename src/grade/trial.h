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
  // `first`: steps before the colors, which may depend on the place; samples are taken behind them.
  explicit TrialPair(const Pair&, const Look& first = {});

  // Mean delta E 2000 of the test pixels: as they are, behind the first steps, and from there taken so far toward the
  // colors that a look makes of them.
  double input_error() const { return distance(before); }
  double start_error() const { return distance(start); }
  double error_of(const std::vector<Color>& colors, float strength = 1) const;
  double error(const Look& look) const { return error_of(rendered(look)); }
  // The test pixels through the first steps and a look of colors alone, adapted to the photo.
  std::vector<Color> rendered(const Look&) const;
  // Of the photo as it was rendered: 3 bands of f32.
  double error_in(const Picture&) const;

  Samples samples, whole;                   // whole: without what is clipped
  std::vector<Color> before, start, after;  // test pixels; start: behind the first steps
  std::vector<std::size_t> places;          // of those in the pictures
  Analysis analysis;                        // of the photo as it is
  std::vector<float> descriptor;

 private:
  double distance(const std::vector<Color>&) const;
};

}  // namespace sfumato
