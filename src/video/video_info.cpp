// SPDX-License-Identifier: Apache-2.0
#include "video/video_info.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "files/coded_color.h"
#include "files/profile.h"
#include "sfumato/error.h"
#include "video/ffmpeg.h"

namespace sfumato {
namespace {

using Json = nlohmann::json;

// Empty where there is none, or it says that it does not know.
std::string text_of(const Json& j, const char* key) {
  const auto found = j.find(key);
  if (found == j.end() || !found->is_string() || *found == "unknown" || *found == "N/A") return {};
  return found->get<std::string>();
}

double number_of(const Json& j, const char* key) {
  const auto found = j.find(key);
  if (found != j.end() && found->is_number()) return found->get<double>();
  return parse_float(text_of(j, key)).value_or(0.0f);
}

double value_of(const std::string& ratio) {
  const auto parts = split_words(ratio, '/');
  const double above = parse_float(parts[0]).value_or(0.0f);
  const double below = parts.size() > 1 ? parse_float(parts[1]).value_or(0.0f) : 1.0;
  return below > 0 ? above / below : 0;
}

// The rate at which all frames come, near enough; where they come at very different distances, that of the nearest.
std::string rate_of(const Json& stream, std::vector<std::string>& warnings) {
  const std::string mean = text_of(stream, "avg_frame_rate"), highest = text_of(stream, "r_frame_rate");
  const double a = value_of(mean), r = value_of(highest);
  if (a <= 0 && r <= 0) return VideoInfo().rate;
  if (a <= 0) return highest;
  if (r <= 1.02 * a || r > 120) return mean;
  warnings.push_back(fmt::format("found frames at changing distances; written at {:.4g} per second throughout", r));
  return highest;
}

int rotation_of(const Json& stream) {
  for (const Json& data : stream.value("side_data_list", Json::array()))
    if (data.contains("rotation")) return static_cast<int>(number_of(data, "rotation"));
  return static_cast<int>(number_of(stream.value("tags", Json::object()), "rotate"));
}

// Of ffmpeg's pixel formats, by their names: yuv422p10le, gbrp, nv12, p010le, rgb24 ...
void read_pixel_format(const std::string& format, VideoInfo& info) {
  const auto has = [&](std::initializer_list<const char*> parts) {
    return std::any_of(parts.begin(), parts.end(),
                       [&](const char* part) { return format.find(part) != std::string::npos; });
  };
  const bool is_rgb = has({"gbr", "rgb", "bgr", "pal8"});
  info.chroma = is_rgb || has({"444", "p4"}) ? "444" : has({"422", "yuyv", "uyvy", "p2"}) ? "422" : "420";
  info.bits = has({"16", "14", "48", "64"}) ? 16 : has({"12le", "12be"}) ? 12 : has({"10", "9le"}) ? 10 : 8;
  if (is_rgb) info.color.matrix = "gbr";
  if (info.color.range.empty()) info.color.range = is_rgb || has({"yuvj"}) ? "pc" : "tv";
  if (has({"yuva", "gbrap", "rgba", "bgra", "argb", "abgr"}))
    info.warnings.push_back("found transparency, which is left out");
}

void read_shape(const Json& stream, VideoInfo& info) {
  info.width = static_cast<int>(number_of(stream, "width"));
  info.height = static_cast<int>(number_of(stream, "height"));
  const std::string aspect = text_of(stream, "sample_aspect_ratio");
  const auto sides = split_words(aspect, ':');
  const bool is_told = sides.size() == 2 && sides[0] != "0" && sides[1] != "0",
             is_turned = rotation_of(stream) % 180 != 0;
  if (is_turned) std::swap(info.width, info.height);
  if (is_told) info.pixel_aspect = std::string(sides[is_turned]) + "/" + std::string(sides[!is_turned]);
}

void read_stream(const Json& stream, VideoInfo& info) {
  info.codec = text_of(stream, "codec_name");
  info.rate = rate_of(stream, info.warnings);
  read_shape(stream, info);
  info.color = {text_of(stream, "color_space"), text_of(stream, "color_range"), text_of(stream, "color_primaries"),
                text_of(stream, "color_transfer")};
  read_pixel_format(text_of(stream, "pix_fmt"), info);
  const std::string order = text_of(stream, "field_order");
  info.is_interlaced = !order.empty() && order != "progressive";
  if (info.is_interlaced) info.warnings.push_back("found interlaced frames; rendered and written as whole ones");
  const Json tags = stream.value("tags", Json::object());
  info.timecode = text_of(tags, "timecode");
  for (const char* key : {"handler_name", "HANDLER_NAME"})
    if (const std::string name = text_of(tags, key); name.starts_with(mark_prefix))
      info.mark = name.substr(std::string_view(mark_prefix).size());
}

Json probe(const std::string& path) {
  read_start(path, 1);  // says better what is wrong where it is not even a file
  std::vector<std::string> command{"ffprobe", "-v", "error", "-print_format", "json", "-show_streams", "-show_format"};
  append(command, input_of(path));
  Process ffprobe(command, Process::Pipe::from);
  const std::string text = ffprobe.read_all();
  const int code = ffprobe.finish();
  check_found("ffprobe", code);
  const Json answer = Json::parse(text, nullptr, false);
  if (code != 0 || !answer.is_object())
    throw Error(Code::input, "cannot be read as a video: " + complaint(ffprobe.said()), path);
  return answer;
}

// [ITU-T H.273] tables 2 and 3; 2: not told, 0: not known here.
int code_of(const std::map<std::string, int>& codes, const std::string& name) {
  if (name.empty()) return 2;
  const auto found = codes.find(name);
  return found == codes.end() ? 0 : found->second;
}
const std::map<std::string, int> primaries{{"bt709", 1},  {"bt470bg", 5},   {"smpte170m", 6}, {"smpte240m", 7},
                                           {"bt2020", 9}, {"smpte431", 11}, {"smpte432", 12}};
const std::map<std::string, int> transfers{{"bt709", 1},   {"gamma22", 4},       {"bt470m", 4},     {"gamma28", 5},
                                           {"bt470bg", 5}, {"smpte170m", 6},     {"linear", 8},     {"iec61966-2-4", 1},
                                           {"bt1361e", 1}, {"iec61966-2-1", 13}, {"bt2020-10", 14}, {"bt2020-12", 15}};

}  // namespace

std::string VideoColor::matrix_for(int width, int height) const {
  return !matrix.empty() ? matrix : height >= 720 || width >= 1280 ? "bt709" : "smpte170m";
}

double VideoInfo::frames_per_second() const { return value_of(rate); }

VideoInfo read_video_info(const std::string& path) {
  const Json answer = probe(path);
  const Json format = answer.value("format", Json::object());
  VideoInfo info;
  for (const Json& stream : answer.value("streams", Json::array())) {
    const std::string kind = text_of(stream, "codec_type");
    const bool is_cover = stream.value("disposition", Json::object()).value("attached_pic", 0) != 0;
    if (kind != "video" || is_cover || info.width > 0) {
      info.others.push_back({kind, text_of(stream, "codec_name")});
      continue;
    }
    read_stream(stream, info);
    info.duration = number_of(stream, "duration");
    info.delay = std::max(0.0, number_of(stream, "start_time") - number_of(format, "start_time"));
  }
  if (info.width <= 0 || info.height <= 0)
    throw Error(Code::input, "found no moving pictures in it; expected a video", path);
  if (info.duration <= 0) info.duration = number_of(format, "duration");
  return info;
}

std::shared_ptr<const ProfileMap> profile_of(const VideoColor& color, std::vector<std::string>& warnings) {
  const CodedColor coded{code_of(primaries, color.primaries), code_of(transfers, color.transfer)};
  if (coded.is_srgb()) return nullptr;
  if (const std::string profile = coded.profile(); !profile.empty())
    return read_profile(std::as_bytes(std::span(profile))).map;
  warnings.push_back(fmt::format("found primaries {} and transfer {}, which no profile stands for; read as sRGB",
                                 color.primaries.empty() ? "unknown" : color.primaries,
                                 color.transfer.empty() ? "unknown" : color.transfer));
  return nullptr;
}

}  // namespace sfumato
