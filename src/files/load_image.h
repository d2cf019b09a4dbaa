// SPDX-License-Identifier: Apache-2.0
// From a file's bytes to a vips image as stored, by content and never by name.
#pragma once

#include <vips/vips.h>

#include <memory>
#include <string>

namespace sfumato {

using ImagePtr = std::shared_ptr<VipsImage>;

// Takes over a reference.
ImagePtr own(VipsImage*);

struct LoadedImage {
  ImagePtr image;
  std::string format;  // "jpeg", "png", "tiff", "webp", "heif", "jxl", "exr", "gif", "ppm", "jp2k", "rad"
};

// Pixels are decoded when they are asked for, once, from top to bottom. Unless `accepts_damage`, what is missing or
// wrong fails the reading. shrink: 1; JPEG also 2, 4, 8: decoded at that fraction of its size. Throws Code::input.
LoadedImage load_image(const std::string& path, bool accepts_damage, int shrink = 1);

// Runs one vips operation, `operation(in, &out)`. Throws Code::input at `path`.
template <class Operation>
void change(ImagePtr& image, const std::string& path, const Operation& operation);

[[noreturn]] void throw_unreadable(const std::string& path);

template <class Operation>
void change(ImagePtr& image, const std::string& path, const Operation& operation) {
  VipsImage* out = nullptr;
  if (operation(image.get(), &out)) throw_unreadable(path);
  image = own(out);
}

}  // namespace sfumato
