// SPDX-License-Identifier: Apache-2.0
// One video file through one look into another file.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sfumato/render.h"
#include "video/encoding.h"
#include "video/look_track.h"

namespace sfumato {

struct VideoJob {
  std::string input, output;
  ShotLook look;
  SaveVideo save;
  int threads = 0;              // of the look; 0: as many as processors
  bool accepts_damage = false;  // what can be read of a damaged file
  // share: 0..1 of the whole. Returning false stops with Code::stopped.
  std::function<bool(double share)> progress = [](double) { return true; };
};

struct VideoReport {
  int width = 0, height = 0;
  long long frames = 0;
  int shots = 1;
  std::optional<float> confidence;  // the least of those that were looked at; nothing for looks that need not look
  std::vector<std::string> warnings;
};

// Decoding, rendering and encoding overlap; sound, subtitles, chapters and metadata come along. The output appears
// complete or not at all. The result does not depend on `threads` but for what encoders make of it.
// Throws Code::input, Code::output, Code::resource (no ffmpeg), Code::look, Code::usage (see LookTrack), Code::stopped.
VideoReport render_video(const VideoJob&);

}  // namespace sfumato
