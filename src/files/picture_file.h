// SPDX-License-Identifier: Apache-2.0
// Picture files through libvips and LibRaw: one form in, complete files out.
#pragma once

#include <vips/vips.h>

#include <memory>
#include <string>
#include <vector>

#include "color/profile_map.h"
#include "sfumato/files.h"

namespace sfumato {

struct OpenPicture {
  std::shared_ptr<VipsImage> image;               // upright, RGB or RGB + alpha, of uchar, ushort or float
  std::string format;                             // "jpeg", "png", "tiff", "webp", "heif", "jxl", "exr", "raw", ...
  std::shared_ptr<const ProfileMap> profile;      // how the pixels are encoded; null: sRGB
  std::shared_ptr<const ProfileMap> out_profile;  // how an output that keeps the profile must be; null: sRGB
  std::vector<std::string> warnings;
  bool was_gray = false;

  int width() const { return image->Xsize; }
  int height() const { return image->Ysize; }
  int bands() const { return image->Bands; }
  Sample sample() const;
};

// Throws Code::input: no regular file, no known format, a damaged header; Code::resource: too many pixels.
// Damage further down appears when the pixels are read, from save_picture or check_read.
OpenPicture open_picture(const std::string& path, const OpenOptions& = {});

// To be called after reading pixels otherwise than by save_picture, with the image opened or one made from it: vips'
// own results are not to be trusted. Throws Code::input when damage was met.
void check_read(VipsImage*, const std::string& path);

// Lets any part be read, and more than once, as plans with canvas operations do; reads the file to its end.
// Throws Code::input.
void allow_random_access(OpenPicture&, const std::string& path);
// The same, but returns at once: a thread decodes meanwhile, and who reads rows that are not there yet waits for them.
// False, and nothing done, for a picture that would need a temporary file.
bool decode_ahead(OpenPicture&, const std::string& path);

// To 1/2, 1/4 or 1/8 by averaging, with both sides at least this long, as OpenOptions::reduced_to does for JPEG files.
// Throws Code::input.
void reduce(OpenPicture&, int least_side, const std::string& path);

// The XMP packet of a picture file; empty when there is none or the file cannot be read.
std::string read_xmp(const std::string& path) noexcept;

// What identifies an output that is made from `key`: also how it is written.
std::string recorded_key(const std::string& key, const SaveOptions&, bool dithers);

// Whether a file is named as a picture that can be read (and that folders are searched for), or as one that can be
// written.
bool is_picture_name(const std::string& path);
bool is_output_name(const std::string& path);

// Short names of the formats that can be written, and whether SaveOptions::quality changes them.
std::vector<std::string> output_formats();
bool has_quality(const std::string& format);

// The format's short name. Throws Code::usage for a format that cannot be written.
std::string output_format(const SaveOptions&, const std::string& path);

// The sample type to render for an output, given the input's.
Sample output_sample(const SaveOptions&, const std::string& path, Sample input);

// Writes the picture as it computes itself, then puts it in place of `path` at once; metadata goes along.
// Throws Code::output: disk full and the like; Code::input (at `input_name`): the pixels could not be read.
// Returns what the format could not carry.
std::vector<std::string> save_picture(VipsImage*, const std::string& path, const SaveOptions&,
                                      const std::string& input_name);

}  // namespace sfumato
