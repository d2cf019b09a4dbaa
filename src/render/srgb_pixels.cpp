// SPDX-License-Identifier: Apache-2.0
#include "render/srgb_pixels.h"

#include "files/read_pixels.h"

namespace sfumato {

Picture srgb_pixels(const OpenPicture& opened, const std::string& path) {
  Picture stored = read_pixels(opened, path);
  if (!opened.profile) return stored;
  return rendered(Plan(Look{}, opened.profile), stored.view());
}

Picture read_picture(const std::string& path, const OpenOptions& options) {
  return srgb_pixels(open_picture(path, options), path);
}

}  // namespace sfumato
