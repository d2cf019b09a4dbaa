// SPDX-License-Identifier: Apache-2.0
// Metadata blocks as libvips attaches them to pictures.
#pragma once

#include <vips/vips.h>

#include <string>

#include "files/exif.h"

namespace sfumato {

// A block such as VIPS_META_XMP_NAME; empty when absent.
std::string blob_of(VipsImage*, const char* name);

// An empty block removes it.
void set_blob(VipsImage*, const char* name, const std::string& block);

// EXIF as vips would write it, for a picture of this image's size.
Exif exif_of(VipsImage*);

// Makes vips write it.
void set_exif(VipsImage*, const Exif&);

// vips leaves XMP of HEIC and AVIF as one of several blocks "heif-mime-N-M"; other such blocks go.
void take_heif_xmp(VipsImage*);

// The preview inside EXIF shows the picture as it was, and unturned.
void remove_thumbnail(VipsImage*);

}  // namespace sfumato
