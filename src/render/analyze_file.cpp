// SPDX-License-Identifier: Apache-2.0
#include "render/analyze_file.h"

#include "render/srgb_pixels.h"

namespace sfumato {

Analysis analyze_picture(OpenPicture picture, const std::string& path) {
  reduce(picture, Analysis::size, path);
  const Picture pixels = srgb_pixels(picture, path);
  return analyze(pixels.view());
}

Analysis analyze_file(const std::string& path, const OpenOptions& options) {
  OpenOptions open = options;
  open.reduced_to = Analysis::size;
  return analyze_picture(open_picture(path, open), path);
}

}  // namespace sfumato
