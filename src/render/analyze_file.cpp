// SPDX-License-Identifier: Apache-2.0
#include "render/analyze_file.h"

#include <utility>

#include "files/read_pixels.h"
#include "sfumato/render.h"

namespace sfumato {

Analysis analyze_picture(OpenPicture picture, const std::string& path) {
  reduce(picture, Analysis::size, path);
  const Picture pixels = read_pixels(picture, path);
  if (!picture.profile) return analyze(pixels.view());
  Picture srgb(pixels.width(), pixels.height(), Sample::f32, pixels.bands());
  render(Plan(Look{}, picture.profile), pixels.view(), srgb.view());
  return analyze(std::as_const(srgb).view());
}

Analysis analyze_file(const std::string& path, const OpenOptions& options) {
  OpenOptions open = options;
  open.reduced_to = Analysis::size;
  return analyze_picture(open_picture(path, open), path);
}

}  // namespace sfumato
