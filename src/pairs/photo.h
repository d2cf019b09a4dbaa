// SPDX-License-Identifier: Apache-2.0
// Photo files reduced to the size that learning needs.
#pragma once

#include <string>

#include "files/picture_file.h"
#include "sfumato/image.h"

namespace sfumato {

struct PhotoSize {
  int width, height;
};

struct PhotoInfo {
  std::string path;
  int width = 0, height = 0;  // upright
  Sample sample = Sample::u8;
  bool is_raw = false;
  bool is_edited = false;  // its metadata name an editor's settings or one of our looks

  PhotoSize size() const { return {width, height}; }
  int long_edge() const { return width > height ? width : height; }
};

// Throws like open_picture.
PhotoInfo read_photo_info(const std::string& path);

// As large as fits into long_edge, never enlarged.
PhotoSize reduced_size(const PhotoInfo&, int long_edge);

// The whole photo, upright, area-averaged to `size`: 3 bands of f32, sRGB-encoded. Throws like open_picture, and for
// damage anywhere in the file.
Picture read_photo(const PhotoInfo&, PhotoSize size);

// Area average of a picture of 3 f32 bands to a smaller size.
Picture reduced(const Picture&, PhotoSize size);

}  // namespace sfumato
