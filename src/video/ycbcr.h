// SPDX-License-Identifier: Apache-2.0
// Between frames as files store them and RGB. No value is clipped on the way: what is brighter than white, and colors
// that only exist between pixels of color at half resolution, come back as they were.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sfumato/image.h"

namespace sfumato {

// Three planes of 16 bits, one after the other: Y', Cb, Cr; or green, blue, red.
using RawFrame = std::vector<std::uint16_t>;

class YCbCr {
 public:
  // `matrix`: as ffmpeg names it, "gbr" for RGB. `is_full`: black is 0, else 16 of 255 [ITU-T H.273].
  // Throws Code::input for a matrix that is not known.
  YCbCr(const std::string& matrix, bool is_full);

  // Floats of three bands, as encoded.
  void to_rgb(const RawFrame&, const MutableView& rgb, int threads) const;
  void from_rgb(const View& rgb, RawFrame&, int threads) const;

 private:
  // rgb = to_ * (planes - zero_), planes = from_ * rgb + zero_
  std::array<float, 9> to_, from_;
  std::array<float, 3> zero_;
};

}  // namespace sfumato
