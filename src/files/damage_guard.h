// SPDX-License-Identifier: Apache-2.0
// Makes sure that damage in a file fails its reading. libvips 8.14 alone loses the error now and then: its line cache
// paints the rows black for threads that wait for them, and tells only the thread that met the damage.
#pragma once

#include <string>

#include "files/load_image.h"

namespace sfumato {

// The same pixels; once any thread meets damage, all reading fails.
void guard(ImagePtr& image, const std::string& path);

// Whether damage was met below this image or one made from it.
bool met_damage(VipsImage*);
bool is_guarded(VipsImage*);

// Reads all, to memory or, when large, to a temporary file: for those who read in another order than it is stored in.
void make_random_access(ImagePtr& image, const std::string& path);
bool fits_in_memory(VipsImage*);

}  // namespace sfumato
