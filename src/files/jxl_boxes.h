// SPDX-License-Identifier: Apache-2.0
// Metadata boxes of JPEG XL files [ISO18181-2], which libvips 8.14 neither reads nor writes.
#pragma once

#include <string>

#include "files/byte_source.h"

namespace sfumato {

struct JxlBoxes {
  std::string exif;  // without "Exif\0\0"
  std::string xmp;
  bool has_compressed = false;  // there are Brotli-compressed ones, which stay unread
};

JxlBoxes read_jxl_boxes(const ByteSource&);

// Rewrites a JPEG XL file that has been written, with these boxes before the picture. False: not such a file, or the
// disk is full.
bool add_jxl_boxes(int fd, const JxlBoxes&);

}  // namespace sfumato
