// SPDX-License-Identifier: Apache-2.0
// Photos and pairs for the programs that measure learning.
#pragma once

#include <vips/vips.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "files/vips.h"
#include "grade/samples.h"
#include "lane/scalar.h"
#include "render/colors.h"
#include "sfumato/error.h"

namespace sfumato {

inline std::vector<std::string> files_below(const std::string& folder, std::initializer_list<const char*> kinds) {
  std::vector<std::string> all;
  for (const auto& e : std::filesystem::recursive_directory_iterator(folder))
    for (const char* kind : kinds)
      if (e.path().extension() == kind) all.push_back(e.path().string());
  std::sort(all.begin(), all.end());
  return all;
}

// A picture that fits into 512 x 512, 8-bit values.
inline Picture photo(const std::string& path) {
  init_vips();
  VipsImage* small = nullptr;
  if (vips_thumbnail(path.c_str(), &small, 512, "height", 512, "size", VIPS_SIZE_DOWN, nullptr))
    throw Error(Code::input, "cannot be read", path);
  std::size_t size = 0;
  auto* bytes = static_cast<std::uint8_t*>(vips_image_write_to_memory(small, &size));
  const int bands = small->Bands;
  Picture pixels(small->Xsize, small->Ysize, Sample::f32);
  float* to = pixels.samples<float>();
  for (std::size_t i = 0; i + bands <= size; i += bands)
    for (int c = 0; c < 3; ++c) *to++ = static_cast<float>(bytes[i + (bands > 2 ? c : 0)]) / 255.0f;
  g_free(bytes);
  g_object_unref(small);
  return pixels;
}

inline float eight_bit(float v) { return std::round(clamp(v, 0.0f, 1.0f) * 255.0f) / 255.0f; }

// As if both were read from 8-bit files.
inline Pair pair_of(const Picture& before, const Plan& look) {
  Pair p;
  p.before = before;
  p.after = rendered(look, before.view());
  for (std::size_t i = 0; i < p.after.sample_count(); ++i)
    p.after.samples<float>()[i] = eight_bit(p.after.samples<float>()[i]);
  return p;
}

}  // namespace sfumato
