// SPDX-License-Identifier: Apache-2.0
// From the colors of a photo and of a reference to a 3D table that gives the photo the reference's colors.
#pragma once

#include <cstdint>

#include "lane/cube.h"
#include "transfer/color_samples.h"

namespace sfumato {

enum class MatchMethod {
  transport,  // joint distribution: an optimal linear map, then sliced optimal transport
  cdf,        // each of OKLab's channels on its own
  cdf_rgb,    // red, green and blue on their own
  mean_std,   // means and deviations of OKLab's channels [Reinhard2001]
};
enum class MatchOnly { all, luminance, color };

struct MatchOptions {
  MatchMethod method = MatchMethod::transport;
  MatchOnly only = MatchOnly::all;
  float strength = 1;       // share of the way to the reference, 0..1
  float protection = 0.5f;  // of skin, sky, neutrals and shadows, 0..1
  float steepest = 4;       // slope of any curve; 1 / steepest is the flattest
  int slices = 16;          // rotations of the sliced transport
  std::uint32_t seed = 1;
};

constexpr int match_table_size = 33;

// Over encoded sRGB, nodes within 0..1.
// Throws Code::input when either has no weight at all.
CubeTable match_colors(const ColorSamples& photo, const ColorSamples& reference, const MatchOptions& = {});

// A color out of sRGB's gamut moved into it along its chroma, hue and lightness kept; others unchanged.
Rgb<float> compress_gamut(const Rgb<float>& encoded);

}  // namespace sfumato
