// SPDX-License-Identifier: Apache-2.0
// A photo before and after an edit, pixel upon pixel.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sfumato/image.h"

namespace sfumato {

// Both pictures have the same size, 3 bands of f32, sRGB-encoded.
struct Pair {
  std::string name;                  // the before file's name without folder and extension
  std::string before_path, after_path;
  Picture before, after;
  std::vector<std::uint8_t> usable;  // per pixel, row by row: 0 where clipped, retouched or outside the overlap
  std::vector<std::string> notes;    // what was done to bring them together: "turned by 90 degrees", "cropped ..."
};

struct RefusedPair {
  std::string name, reason;
};

struct PairSet {
  std::vector<Pair> pairs;
  std::vector<RefusedPair> refused;
};

struct PairOptions {
  int long_edge = 512;  // pictures are reduced to this, never enlarged
  int threads = 0;
};

// Files of two folders (or two single files), matched by name, else by content. Throws Code::input when no pair remains.
PairSet read_pairs(const std::string& before, const std::string& after, const PairOptions& = {});

}  // namespace sfumato
