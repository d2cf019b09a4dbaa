// SPDX-License-Identifier: Apache-2.0
// All frames of a video, small, as pictures for looks to read.
#pragma once

#include <memory>
#include <string>

#include "color/profile_map.h"
#include "video/frames.h"

namespace sfumato {

class SmallFrames {
 public:
  // `pixels`: see profile_of.
  SmallFrames(const std::string& path, const VideoInfo& info, std::shared_ptr<const ProfileMap> pixels);

  // Goes to the next. False at the end.
  bool next();
  // Of the frame where it is, floats: as encoded; and as sRGB.
  const Picture& encoded() const { return encoded_; }
  const Picture& srgb();
  // See FrameReader.
  std::string damage() { return reader_.damage(); }

 private:
  FrameReader reader_;
  YCbCr color_;
  std::shared_ptr<const ProfileMap> pixels_;
  RawFrame raw_;
  Picture encoded_, srgb_;
};

}  // namespace sfumato
