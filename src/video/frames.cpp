// SPDX-License-Identifier: Apache-2.0
#include "video/frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sfumato/error.h"
#include "video/ffmpeg.h"

namespace sfumato {
namespace {

using Words = std::vector<std::string>;

// To color at full resolution and 16 bits, and back: the matrix and the curve stay those of the file. zscale takes no
// odd number of pixels where color has half resolution; ffmpeg's own scaler does.
bool is_odd(int width, int height) { return width % 2 != 0 || height % 2 != 0; }

std::string whole(const VideoInfo& in, int width, int height) {
  if (in.color.is_rgb()) return "format=gbrp16le";
  return std::string(is_odd(width, height) ? "format=yuv444p16le" : "zscale=filter=bicubic,format=yuv444p16le");
}

std::string stored(const VideoInfo& in, const Encoding& e) {
  const std::string first =
      is_odd(in.width, in.height) ? "yuv444p" + (e.bits > 8 ? std::to_string(e.bits) + "le" : "") + ",format=" : "";
  return fmt::format("setparams=colorspace={}:range={},zscale=filter=bicubic:dither=error_diffusion,format={}{}",
                     e.matrix, e.range, first, e.pixel_format);
}

int reduced(int side, int width, int height, int most) {
  const int longest = std::max(width, height);
  return most == 0 || longest <= most ? side
                                      : std::max(1, static_cast<int>(std::lround(double(side) * most / longest)));
}

Words decoding(const std::string& path, const VideoInfo& in, int width, int height) {
  Words command{"ffmpeg", "-v", "error", "-nostdin"};
  append(command, input_of(path));
  std::string filter = "setpts=PTS-STARTPTS,";  // or the time before the first frame would be filled with its copies
  if (in.is_interlaced) filter += "bwdif=mode=send_frame:deint=interlaced,";
  if (width != in.width || height != in.height) filter += fmt::format("scale={}:{}:flags=area,", width, height);
  filter += whole(in, width, height);
  // V: not the picture of a cover.
  append(command, {"-map", "0:V:0", "-vf", filter, "-fps_mode", "cfr", "-r", in.rate, "-f", "rawvideo", "pipe:1"});
  return command;
}

Words encoding(int fd, const Encoding& e, const std::string& original, const VideoInfo& in, const std::string& mark) {
  Words command{"ffmpeg", "-v", "error", "-nostdin", "-y"};
  if (in.delay > 0) append(command, {"-itsoffset", fmt::format("{:.6f}", in.delay)});
  append(command, {"-f", "rawvideo", "-pixel_format", "yuv444p16le", "-video_size",
                   fmt::format("{}x{}", in.width, in.height), "-framerate", in.rate, "-i", "pipe:0"});
  append(command, input_of(original));
  append(command, {"-map", "0:v:0", "-map_metadata", "1", "-map_chapters", "1"});
  append(command, e.video);
  append(command, e.others);
  append(command, {"-vf", stored(in, e) + ",setsar=" + in.pixel_aspect, "-fps_mode", "passthrough", "-colorspace",
                   e.matrix, "-color_range", e.range});
  if (!in.color.primaries.empty()) append(command, {"-color_primaries", in.color.primaries});
  if (!in.color.transfer.empty()) append(command, {"-color_trc", in.color.transfer});
  if (!in.timecode.empty()) append(command, {"-timecode", in.timecode});
  if (!mark.empty()) append(command, {"-metadata:s:v:0", std::string("handler_name=") + mark_prefix + mark});
  append(command, {"-f", e.file_type, fmt::format("file:/proc/self/fd/{}", fd)});
  return command;
}

}  // namespace

FrameReader::FrameReader(const std::string& path, const VideoInfo& in, int most)
    : width_(reduced(in.width, in.width, in.height, most)),
      height_(reduced(in.height, in.width, in.height, most)),
      ffmpeg_(decoding(path, in, width_, height_), Process::Pipe::from) {}

bool FrameReader::next(RawFrame& frame) {
  frame.resize(3 * static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
  const auto bytes = std::as_writable_bytes(std::span(frame));
  return ffmpeg_.read(bytes) == bytes.size();
}

std::string FrameReader::damage() {
  const int code = ffmpeg_.finish();
  check_found("ffmpeg", code);
  const std::string said = ffmpeg_.said();
  return code == 0 && said.empty() ? std::string() : complaint(said);
}

FrameWriter::FrameWriter(int fd, const Encoding& e, const std::string& original, const VideoInfo& info,
                         const std::string& mark)
    : ffmpeg_(encoding(fd, e, original, info, mark), Process::Pipe::to, fd) {}

bool FrameWriter::write(const RawFrame& frame) { return ffmpeg_.write(std::as_bytes(std::span(frame))); }

void FrameWriter::finish(const std::string& path) {
  const int code = ffmpeg_.finish();
  check_found("ffmpeg", code);
  if (code != 0) throw Error(Code::output, "cannot be written: " + complaint(ffmpeg_.said()), path);
}

}  // namespace sfumato
