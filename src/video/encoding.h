// SPDX-License-Identifier: Apache-2.0
// Which video files can be written, and what ffmpeg is told for each.
#pragma once

#include <string>
#include <vector>

#include "video/video_info.h"

namespace sfumato {

struct SaveVideo {
  std::string codec;  // see video_codecs(); empty: the input's where it can be, else the file type's usual one
  int quality = 90;   // of lossy codecs, 1..100
  std::string mark;   // kept in the file, for read_video_info
};

// Whether a file is named as a video that can be read (and that folders are searched for), or as one that can be
// written.
bool is_video_name(const std::string& path);
bool is_video_output_name(const std::string& path);

std::vector<std::string> video_codecs();
// Of file names, that can be written.
std::vector<std::string> video_endings();

// Throws Code::usage: a file type that cannot be written, or cannot hold the codec.
void check_video_output(const std::string& path, const SaveVideo&);

struct Encoding {
  std::string pixel_format, matrix, range;  // of the frames to be encoded
  int bits;                                 // of them
  std::vector<std::string> video;           // arguments on codec and quality
  std::vector<std::string> others;          // which streams of input 1 come along, and how
  std::string file_type;
  std::vector<std::string> warnings;
};
Encoding encoding_for(const VideoInfo&, const SaveVideo&, const std::string& path);

}  // namespace sfumato
