// SPDX-License-Identifier: Apache-2.0
// A photo before and after an edit, pixel upon pixel.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "sfumato/image.h"

namespace sfumato {

// All three of a color.
inline bool is_finite(const float* v) { return std::isfinite(v[0]) && std::isfinite(v[1]) && std::isfinite(v[2]); }

// At which end an encoded value lies, within one step of 8 bits: -1, 1 or 0. It may have been more before it was
// clipped.
template <class Number>
int end_of(Number v) {
  return v >= Number(0.997) ? 1 : v <= Number(0.003) ? -1 : 0;
}

// Any of the three of a color.
inline bool is_clipped(const float* v) { return end_of(v[0]) || end_of(v[1]) || end_of(v[2]); }

// What is missing to an edited value where a look gives `is`: nothing beyond an end.
template <class Number>
Number missing(Number edited, Number is) {
  const Number d = edited - is, none = 0;
  const int end = end_of(edited);
  return end > 0 ? std::max(d, none) : end < 0 ? std::min(d, none) : d;
}

// Both pictures have the same size, 3 bands of f32, sRGB-encoded.
struct Pair {
  std::string name;  // the before file's name without folder and extension
  std::string before_path, after_path;
  Picture before, after;
  // Per pixel, row by row: 0 where retouched, outside the overlap, or clipped unlike the rest; 2 where clipped else.
  std::vector<std::uint8_t> usable;
  double usable_share = 1;         // of the pixels, without clipped ones
  std::vector<std::string> notes;  // what was done to bring them together: "turned by 90 degrees", "cropped ..."

  bool is_usable(std::size_t i) const { return usable.empty() || usable[i] != 0; }
  bool is_whole(std::size_t i) const { return usable.empty() || usable[i] == 1; }  // nor clipped
};

struct RefusedPair {
  std::string name, reason;
};

struct PairSet {
  std::vector<Pair> pairs;  // sorted by name
  std::vector<RefusedPair> refused;
  std::vector<std::string> warnings;  // about the set as a whole: "the folders look swapped ..."
};

struct PairOptions {
  bool recursive = false;  // looks into folders within folders
  int long_edge = 512;     // pictures are reduced to this, never enlarged
  int threads = 0;
  char expert = 'C';  // whose edits read_dataset takes where a data set has several
};

// Files of two folders (or two single files), matched by name, else by content. Throws Code::input when no pair
// remains.
PairSet read_pairs(const std::string& before, const std::string& after, const PairOptions& = {});

// A folder that holds both sides: before/ and after/ as sfumato generate writes them, or the MIT-Adobe FiveK layout:
// input/ (or a name with InputZeroed) and expertA/ .. expertE/. Throws Code::input when there is neither.
PairSet read_dataset(const std::string& root, const PairOptions& = {});

// Changes of the input alone, as another camera or exposure would make them, and crops and flips of both.
struct AugmentOptions {
  float stops = 0.15f;         // standard deviation of the exposure
  float white = 0.04f;         // of red and blue against green, in stops
  float contrast = 0.04f;      // of the slope around middle gray, encoded
  float noise = 0.004f;        // of 8 x 8 block and pixel noise like that of JPEG, encoded
  float smallest_crop = 0.8f;  // of each side
  bool flips = true;
};

// The same for the same seed and counter.
Pair augment(const Pair&, std::uint64_t seed, std::uint64_t counter, const AugmentOptions& = {});

}  // namespace sfumato
