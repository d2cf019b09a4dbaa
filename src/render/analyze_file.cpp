// SPDX-License-Identifier: Apache-2.0
#include "render/analyze_file.h"

#include <utility>

#include "files/read_pixels.h"
#include "sfumato/render.h"

namespace sfumato {

Analysis analyze_file(const std::string& path, const OpenOptions& options) {
  OpenOptions open = options;
  open.reduced_to = Analysis::size;
  OpenPicture picture = open_picture(path, open);
  reduce(picture, Analysis::size, path);
  const Picture pixels = read_pixels(picture, path);
  if (!picture.profile) return analyze(pixels.view());
  Picture srgb(pixels.width(), pixels.height(), Sample::f32, pixels.bands());
  render(Plan(Look{}, picture.profile), pixels.view(), srgb.view());
  return analyze(std::as_const(srgb).view());
}

}  // namespace sfumato
