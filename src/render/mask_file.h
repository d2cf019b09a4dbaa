// SPDX-License-Identifier: Apache-2.0
// Mask pictures that come with photos.
#pragma once

#include <string>

#include "files/picture_file.h"
#include "look/where.h"

namespace sfumato {

struct MaskOptions {
  std::string path;   // empty: none
  float feather = 0;  // of steps whose look says nothing of a mask, see StepWhere
  bool snaps = false;

  // All that decides what the mask does, with the file's content. Throws Code::input.
  std::string key() const;
};

// The look with its masks read; one that does not speak of a mask works where the mask is bright. Throws Code::usage:
// the look needs a mask and there is none; Code::input: a mask that cannot be read.
Look masked(const Look&, const MaskOptions&, const std::string& photo, double aspect, const OpenOptions& = {});
// The same for a photo in memory, sRGB-encoded.
Look masked(const Look&, const MaskOptions&, const View& photo);
// The same for a mask in memory, too.
Look masked(const Look&, const View& mask, const View& photo);

// Throws Code::input when a mask's sides are in another proportion than its photo's: a mask that was made before the
// photo was turned upright, for example.
void check_shape(const View& mask, const std::string& path, double photo_aspect);

// "{dir}/{stem}_mask.png" with the photo's own.
std::string mask_name(const std::string& pattern, const std::string& photo);

}  // namespace sfumato
