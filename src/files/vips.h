// SPDX-License-Identifier: Apache-2.0
// The one place that starts libvips.
#pragma once

#include <string>

namespace sfumato {

// Starts libvips on first use; safe to call often and from any thread. ImageMagick's loaders are blocked, and vips'
// cache of operations is off: files change between calls. Throws Code::bug when vips cannot start.
void init_vips();

// HEIF, AVIF and JPEG XL: modules of libvips, whose libraries take as long to load as four megapixels to render. To be
// called before one of these is read or written; safe as the above.
void load_vips_modules();

// Threads that libvips uses for a picture; 0: enough to keep every processor busy.
void set_vips_threads(int threads);

// What vips said about its last failure, on one line; clears it.
std::string vips_error_text();

}  // namespace sfumato
