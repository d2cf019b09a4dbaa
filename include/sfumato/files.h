// SPDX-License-Identifier: Apache-2.0
// Picture files: rendered from one into another, or read into memory and written from there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sfumato/image.h"
#include "sfumato/look.h"
#include "sfumato/render.h"

namespace sfumato {

struct OpenOptions {
  bool accept_truncated = false;       // render what is there of a damaged file
  long long max_pixels = 512'000'000;  // refused before any pixel is decoded
  int reduced_to = 0;  // 0: whole; else JPEG files come at 1/2, 1/4 or 1/8, both sides at least this long
};

struct SaveOptions {
  std::string format;        // "jpg", "png", "tif", "webp", "avif", "heic", "jxl"; empty: by the file name
  int quality = 95;          // of lossy formats, 1..100
  int bits = 0;              // 8, 16 or 32; 0: as the input, where the format can
  bool is_lossless = false;  // WebP, AVIF, JPEG XL
  bool compresses = false;   // TIFF: deflate
  bool converts_to_srgb = false;
  std::string look_name, look_text, key;  // recorded in XMP unless look_name is empty
};

struct FileReport {
  int width = 0, height = 0;
  long long not_finite = 0;  // input samples that were NaN or infinite
  std::vector<std::string> warnings;
  std::optional<float> confidence;  // of the adaptation to this picture; nothing for looks that are the same for all
};

// Through a look that is adapted to the picture first. Streams: decoding, rendering and encoding overlap; color profile
// and metadata go along; the output appears complete or not at all, and replaces an old one.
// Throws Code::input, Code::output, Code::resource, Code::look, Code::usage (a look that needs a mask; see for_photo).
FileReport render_file(const std::string& input, const Look&, const std::string& output, const OpenOptions& = {},
                       const SaveOptions& = {}, const RenderOptions& = {});

// All of a picture, upright, sRGB-encoded, of 3 or 4 bands: samples as stored, or floats where the file has another
// color profile. Throws Code::input, Code::resource.
Picture read_picture(const std::string& path, const OpenOptions& = {});

// sRGB-encoded pixels of 1 to 4 bands, without metadata; the output as that of render_file. Throws Code::output.
void write_picture(const View&, const std::string& path, const SaveOptions& = {});

}  // namespace sfumato
