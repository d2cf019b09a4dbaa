// SPDX-License-Identifier: Apache-2.0
#include "video/small_frames.h"

#include <utility>

#include "sfumato/render.h"

namespace sfumato {

// Twice the analysis' side: most of the averaging is then done in linear light.
SmallFrames::SmallFrames(const std::string& path, const VideoInfo& info, std::shared_ptr<const ProfileMap> pixels)
    : reader_(path, info, 2 * Analysis::size),
      color_(info.matrix(), info.is_full_range()),
      pixels_(std::move(pixels)),
      picture_(reader_.width(), reader_.height(), Sample::f32) {}

const Picture& SmallFrames::picture() {
  color_.to_rgb(raw_, picture_.view(), 0);
  return picture_;
}

Analysis SmallFrames::analysis() {
  const Picture& encoded = picture();
  if (!pixels_) return analyze(encoded.view());
  const Picture srgb = rendered(Plan({}, pixels_), encoded.view());
  return analyze(srgb.view());
}

}  // namespace sfumato
