// SPDX-License-Identifier: Apache-2.0
// What a video file says of itself, read by the program ffprobe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "color/profile_map.h"

namespace sfumato {

// Names as ffmpeg writes them; empty: not told.
struct VideoColor {
  std::string matrix, range, primaries, transfer;

  bool is_rgb() const { return matrix == "gbr"; }
  // For frames of that size; where it is not told, as players guess it.
  std::string matrix_for(int width, int height) const;
};

struct OtherStream {
  std::string kind, codec;  // "audio", "subtitle", "attachment", "data", "video"
};

struct VideoInfo {
  int width = 0, height = 0;  // upright
  std::string codec;          // "h264", "hevc", ...
  std::string rate = "25/1";  // frames per second, throughout
  double duration = 0;        // seconds; 0: not told
  double delay = 0;           // of the first frame after the start of the file, seconds
  std::string pixel_aspect = "1/1";
  std::string timecode;        // of the first frame; empty: none
  int bits = 8;                // per channel
  std::string chroma = "420";  // "420", "422", "444"
  VideoColor color;
  bool is_interlaced = false;
  std::vector<OtherStream> others;  // in their order, without the frames
  std::string mark;                 // see SaveVideo::mark; empty: none
  std::vector<std::string> warnings;

  double frames_per_second() const;
  std::string matrix() const { return color.matrix_for(width, height); }
  bool is_full_range() const { return color.range == "pc"; }
};

// What names our marks in files.
inline constexpr const char* mark_prefix = "sfumato ";

// Throws Code::input: no video file, one without moving pictures; Code::resource: ffprobe is not installed.
VideoInfo read_video_info(const std::string& path);

// How the pixels of all frames are encoded; null: sRGB, which is how BT.709 is shown. Warns of what no profile stands
// for.
std::shared_ptr<const ProfileMap> profile_of(const VideoColor&, std::vector<std::string>& warnings);

}  // namespace sfumato
