// SPDX-License-Identifier: Apache-2.0
#include "video/small_frames.h"

#include <utility>

#include "measure/analysis.h"
#include "sfumato/render.h"

namespace sfumato {

// Twice the analysis' side: most of the averaging is then done in linear light.
SmallFrames::SmallFrames(const std::string& path, const VideoInfo& info, std::shared_ptr<const ProfileMap> pixels)
    : reader_(path, info, 2 * Analysis::size),
      color_(info.matrix(), info.is_full_range()),
      pixels_(std::move(pixels)),
      encoded_(reader_.width(), reader_.height(), Sample::f32) {}

bool SmallFrames::next() {
  if (!reader_.next(raw_)) return false;
  color_.to_rgb(raw_, encoded_.view(), 0);
  return true;
}

const Picture& SmallFrames::srgb() {
  if (!pixels_) return encoded_;
  srgb_ = rendered(Plan({}, pixels_), std::as_const(encoded_).view());
  return srgb_;
}

}  // namespace sfumato
