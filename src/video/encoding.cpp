// SPDX-License-Identifier: Apache-2.0
#include "video/encoding.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using Words = std::vector<std::string>;

bool holds(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Codec {
  const char *name, *as_input;  // in our words and in ffprobe's
  Words arguments;
  int lowest_rate;  // the largest rate factor: 51 or 63; 0: has none
  std::vector<int> bits;
  Words chroma;
  bool takes_odd_sides;  // with chroma of half resolution
};

const std::vector<Codec>& codecs() {
  static const std::vector<Codec> all{
      {"h264", "h264", {"libx264", "-preset", "medium"}, 51, {8, 10}, {"420", "422", "444"}, false},
      {"h265",
       "hevc",
       {"libx265", "-preset", "medium", "-x265-params", "log-level=error"},
       51,
       {8, 10, 12},
       {"420", "422", "444"},
       false},
      {"vp9",
       "vp9",
       {"libvpx-vp9", "-b:v", "0", "-row-mt", "1", "-cpu-used", "2"},
       63,
       {8, 10, 12},
       {"420", "422", "444"},
       true},
      {"av1", "av1", {"libsvtav1", "-preset", "6"}, 63, {8, 10}, {"420"}, false},
      {"prores", "prores", {"prores_ks", "-vendor", "apl0"}, 0, {10}, {"422", "444"}, true},
      {"ffv1", "ffv1", {"ffv1", "-level", "3", "-slicecrc", "1"}, 0, {8, 10, 12, 16}, {"420", "422", "444"}, true}};
  return all;
}

struct FileType {
  const char *ending, *muxer;
  Words codecs;            // the first is the usual one
  Words audio, subtitles;  // what is copied; empty: anything
  const char *audio_encoder, *subtitle_encoder;
};

const std::vector<FileType>& file_types() {
  static const Words mp4_audio{"aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"};
  static const Words mov_audio{"aac",       "mp3",       "ac3",       "eac3",      "alac",     "pcm_s16le",
                               "pcm_s24le", "pcm_s32le", "pcm_s16be", "pcm_s24be", "pcm_f32le"};
  static const std::vector<FileType> all{
      {"mp4", "mp4", {"h264", "h265", "av1", "vp9"}, mp4_audio, {"mov_text"}, "aac", "mov_text"},
      {"m4v", "mp4", {"h264", "h265"}, mp4_audio, {"mov_text"}, "aac", "mov_text"},
      {"mov", "mov", {"h264", "h265", "prores"}, mov_audio, {"mov_text"}, "aac", "mov_text"},
      {"mkv",
       "matroska",
       {"h264", "h265", "av1", "vp9", "prores", "ffv1"},
       {},
       {"subrip", "ass", "ssa", "webvtt", "hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"},
       "aac",
       "srt"},
      {"webm", "webm", {"vp9", "av1"}, {"opus", "vorbis"}, {"webvtt"}, "libopus", "webvtt"}};
  return all;
}

const FileType* find_type(const std::string& path) {
  const std::string ending = extension_of(path);
  for (const FileType& type : file_types())
    if (ending == type.ending) return &type;
  return nullptr;
}

const FileType& type_of(const std::string& path) {
  if (const FileType* type = find_type(path)) return *type;
  throw Error(Code::usage,
              fmt::format("found '.{}'; expected the name of a video: {}", printable(extension_of(path)),
                          fmt::join(video_endings(), ", ")),
              path);
}

const Codec& named(const std::string& name) {
  return *std::find_if(codecs().begin(), codecs().end(), [&](const Codec& c) { return name == c.name; });
}

const Codec& codec_for(const VideoInfo& in, const SaveVideo& save, const FileType& type) {
  if (!save.codec.empty()) return named(save.codec);
  for (const Codec& c : codecs())
    if (in.codec == c.as_input && holds(type.codecs, c.name)) return c;
  return named(type.codecs[0]);
}

int bits_for(const Codec& codec, int wanted) {
  for (const int bits : codec.bits)
    if (bits >= wanted) return bits;
  return codec.bits.back();
}

std::string chroma_for(const Codec& codec, const VideoInfo& in, std::vector<std::string>& warnings) {
  const bool is_odd = in.width % 2 != 0 || (in.chroma != "422" && in.height % 2 != 0);
  if (is_odd && !codec.takes_odd_sides) {
    if (!holds(codec.chroma, "444"))
      throw Error(Code::usage,
                  fmt::format("found {} x {} pixels, of which {} takes no odd number; choose another --codec", in.width,
                              in.height, codec.name));
    if (in.chroma == "444") return "444";
    warnings.push_back(
        "found an odd number of pixels; written with color at full resolution, which not all players show");
    return "444";
  }
  // The next that keeps it, else the nearest below.
  for (const std::string& chroma : codec.chroma)
    if (chroma >= in.chroma) return chroma;
  return codec.chroma.back();
}

// Which of a container's streams of one kind are copied and which are encoded anew.
void add_streams(const VideoInfo& in, const std::string& kind, const Words& kept, const char* encoder, Encoding& e) {
  const std::string letter = kind.substr(0, 1);
  int from = -1, to = 0;
  for (const OtherStream& s : in.others) {
    if (s.kind != kind) continue;
    ++from;
    const bool is_copied = kept.empty() || holds(kept, s.codec);
    static const Words texts{"mov_text", "subrip", "ass", "ssa", "webvtt", "text"};
    if (s.codec.empty() || (!is_copied && kind == "subtitle" && !holds(texts, s.codec))) {
      e.warnings.push_back(fmt::format("{} of type '{}' left out", kind, s.codec.empty() ? "unknown" : s.codec));
      continue;
    }
    const std::string number = ":" + letter + ":" + std::to_string(to++);
    e.others.insert(e.others.end(),
                    {"-map", "1:" + letter + ":" + std::to_string(from), "-c" + number, is_copied ? "copy" : encoder});
    if (is_copied || kind != "audio") continue;
    e.others.insert(e.others.end(), {"-b" + number, "256k"});
    e.warnings.push_back(fmt::format("sound of type '{}' written as {}", s.codec, encoder));
  }
}

}  // namespace

bool is_video_name(const std::string& path) {
  static const Words more{"avi", "3gp", "mpg", "mpeg", "mts", "m2ts", "ts", "wmv", "flv", "ogv", "mxf", "vob"};
  return is_video_output_name(path) || holds(more, extension_of(path));
}

bool is_video_output_name(const std::string& path) { return find_type(path) != nullptr; }

Words video_codecs() {
  Words names;
  for (const Codec& c : codecs()) names.push_back(c.name);
  return names;
}

Words video_endings() {
  Words endings;
  for (const FileType& type : file_types()) endings.push_back(type.ending);
  return endings;
}

void check_video_output(const std::string& path, const SaveVideo& save) {
  const FileType& type = type_of(path);
  if (!save.codec.empty() && !holds(type.codecs, save.codec))
    throw Error(
        Code::usage,
        fmt::format("found the codec {} for a .{}; expected {}", save.codec, type.ending, fmt::join(type.codecs, ", ")),
        path);
}

Encoding encoding_for(const VideoInfo& in, const SaveVideo& save, const std::string& path) {
  const FileType& type = type_of(path);
  const Codec& codec = codec_for(in, save, type);
  Encoding e;
  e.file_type = type.muxer;
  e.bits = bits_for(codec, in.bits);
  const std::string chroma = chroma_for(codec, in, e.warnings);
  e.pixel_format = "yuv" + chroma + "p" + (e.bits > 8 ? std::to_string(e.bits) + "le" : "");
  e.matrix = in.color.is_rgb() ? "bt709" : in.matrix();
  e.range = in.color.is_rgb() ? "tv" : in.color.range;
  e.video.push_back("-c:v");
  e.video.insert(e.video.end(), codec.arguments.begin(), codec.arguments.end());
  if (codec.lowest_rate > 0) {
    // 90 is where compression cannot be seen (16 of 51), 70 where it is hard to see (24).
    const double factor = (12 + 0.4 * (100 - save.quality)) / 51 * codec.lowest_rate;
    e.video.insert(e.video.end(), {"-crf", std::to_string(std::min<long>(std::lround(factor), codec.lowest_rate))});
  }
  if (codec.name == std::string("prores")) e.video.insert(e.video.end(), {"-profile:v", chroma == "444" ? "4" : "3"});
  if (codec.name == std::string("h265") && type.muxer != std::string("matroska"))
    e.video.insert(e.video.end(), {"-tag:v", "hvc1"});  // as Apple's players want it
  add_streams(in, "audio", type.audio, type.audio_encoder, e);
  add_streams(in, "subtitle", type.subtitles, type.subtitle_encoder, e);
  for (const OtherStream& s : in.others) {
    if (s.kind == "attachment" && type.muxer == std::string("matroska")) continue;
    if (s.kind != "audio" && s.kind != "subtitle" && !(s.kind == "data" && !in.timecode.empty()))
      e.warnings.push_back(s.kind == "video" ? "further pictures left out" : "a stream of " + s.kind + " left out");
  }
  if (type.muxer == std::string("matroska")) e.others.insert(e.others.end(), {"-map", "1:t?", "-c:t", "copy"});
  if (type.muxer != std::string("matroska") && type.muxer != std::string("webm"))
    e.others.insert(e.others.end(), {"-movflags", "+faststart"});
  return e;
}

}  // namespace sfumato
