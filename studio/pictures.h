// SPDX-License-Identifier: Apache-2.0
// Pixels of stored photos as the page shows them, kept while memory lasts.
#pragma once

#include <memory>
#include <string>

#include "bounded_cache.h"
#include "files/load_image.h"
#include "measure/analysis.h"
#include "photo_store.h"
#include "sfumato/image.h"
#include "sfumato/look.h"

namespace sfumato {

struct Crop {
  int x = 0, y = 0, width = 0, height = 0;
};

class Pictures {
 public:
  Pictures();

  // The photo, 16 bits of sRGB, three channels, the longer side at most `longest`. JPEG files are reduced while they
  // are decoded. Throws like open_picture.
  std::shared_ptr<const Picture> reduced(const StoredPhoto&, int longest);
  // A part of it at full resolution through a look; the crop is moved into the picture. Throws Code::usage where they
  // do not meet.
  Picture crop(const StoredPhoto&, const Crop&, const Look&);
  std::shared_ptr<const Analysis> analysis(const StoredPhoto&);

  void forget(const StoredPhoto&);

 private:
  // The whole upright photo as sRGB, any part of it readable.
  ImagePtr whole(const StoredPhoto&);

  BoundedCache<Picture> reduced_, whole_;
  BoundedCache<Analysis> analyses_;
};

// Through a look, without dither, in 16 bits.
Picture preview_of(const Picture&, const Look&);

// Rows of red, green, blue and alpha, 16 bits each, the lowest byte first.
std::string rgba_bytes(const Picture&);

// In the format of its name.
void write_picture(const Picture&, const std::string& path);

// 8 bits of three channels. Throws Code::bug when vips cannot.
std::string jpeg_bytes(const Picture&, int quality);

}  // namespace sfumato
