// SPDX-License-Identifier: Apache-2.0
// Maps of a color space that turn one weighted distribution into another.
#pragma once

#include "transfer/color_map.h"

namespace sfumato {

// y = m x + b, row by row.
struct AffineMap {
  double m[9]{1, 0, 0, 0, 1, 0, 0, 0, 1}, b[3]{0, 0, 0};
  Rgb<float> operator()(const Rgb<float>& c) const;
};

// The optimal linear map between normal distributions, Cp^-1/2 (Cp^1/2 Cr Cp^1/2)^1/2 Cp^-1/2 [Pitie2007], for means
// and covariances of the samples. Noise of variance 1e-5 is added to both, so that gray pictures stay so.
AffineMap monge_kantorovich(const ColorSamples& photo, const ColorSamples& reference);

// Deviations of each channel matched, at most by `steepest`.
AffineMap mean_and_deviation(const ColorSamples& photo, const ColorSamples& reference, float steepest);

// Moves `points` as sliced optimal transport [Pitie2007] moves `photo` to `reference`: in each of a series of rotated
// bases, each axis by its monotone map, limited in slope, so that the composition is smooth wherever points lie.
void transport_slices(const ColorSamples& photo, const ColorSamples& reference, const MatchOptions&,
                      std::vector<Rgb<float>>& points);

}  // namespace sfumato
