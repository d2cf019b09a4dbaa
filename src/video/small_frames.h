// SPDX-License-Identifier: Apache-2.0
// All frames of a video, small, as the pictures that looks read.
#pragma once

#include <memory>
#include <string>

#include "color/profile_map.h"
#include "measure/analysis.h"
#include "video/frames.h"

namespace sfumato {

class SmallFrames {
 public:
  // `pixels`: see profile_of.
  SmallFrames(const std::string& path, const VideoInfo& info, std::shared_ptr<const ProfileMap> pixels);

  // Goes to the next. False at the end.
  bool next() { return reader_.next(raw_); }
  // Of the frame where it is: as encoded, floats; and what looks read.
  const Picture& picture();
  Analysis analysis();
  // See FrameReader.
  std::string damage() { return reader_.damage(); }

 private:
  FrameReader reader_;
  YCbCr color_;
  std::shared_ptr<const ProfileMap> pixels_;
  RawFrame raw_;
  Picture picture_;
};

}  // namespace sfumato
