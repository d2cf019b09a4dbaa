// SPDX-License-Identifier: Apache-2.0
// The frames of a video file, one after the other, through the program ffmpeg: upright, with color at full resolution.
#pragma once

#include <string>

#include "base/process.h"
#include "video/encoding.h"
#include "video/video_info.h"
#include "video/ycbcr.h"

namespace sfumato {

class FrameReader {
 public:
  // Brought within `most` x `most` pixels by averaging; 0: as they are.
  FrameReader(const std::string& path, const VideoInfo&, int most = 0);

  int width() const { return width_; }
  int height() const { return height_; }
  // False at the end.
  bool next(RawFrame&);
  // After the end: what was wrong with the file; empty: nothing. Throws Code::resource: no ffmpeg.
  std::string damage();

 private:
  int width_, height_;
  Process ffmpeg_;
};

class FrameWriter {
 public:
  // Into the open file `fd`. Sound, subtitles, chapters and metadata come from the file `original`, which has `info`.
  FrameWriter(int fd, const Encoding&, const std::string& original, const VideoInfo& info, const std::string& mark);

  // False: ffmpeg takes no more, see finish().
  bool write(const RawFrame&);
  // Throws Code::output with what ffmpeg says at `path`; Code::resource: no ffmpeg.
  void finish(const std::string& path);

 private:
  Process ffmpeg_;
};

}  // namespace sfumato
