// SPDX-License-Identifier: Apache-2.0
#include "video/ffmpeg.h"

#include <regex>

#include "base/process.h"
#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {

std::vector<std::string> input_of(const std::string& path) {
  // A playlist, or a name such as http://..., must not reach the network or devices.
  return {"-protocol_whitelist", "file,pipe", "-i", "file:" + path};
}

void append(std::vector<std::string>& command, const std::vector<std::string>& words) {
  command.insert(command.end(), words.begin(), words.end());
}

std::string complaint(const std::string& said) {
  static const std::regex inner(R"(^(\[[^\]]* @ 0x[0-9a-f]+\] )+|^file:.*: |^Svt\[error\]: )"),
      chat(R"(^Svt\[(info|warn)\].*)");
  for (const std::string_view line : split_words(said, '\n'))
    if (!line.empty() && !std::regex_match(std::string(line), chat))
      return printable(std::regex_replace(std::string(line), inner, ""));
  return "ffmpeg does not say why";
}

void check_found(const char* program, int exit_code) {
  if (exit_code != 127) return;
  throw Error(Code::resource,
              std::string("found no program ") + program + "; install ffmpeg (Debian: apt install ffmpeg)");
}

std::string ffmpeg_version() {
  Process ffmpeg({"ffmpeg", "-version"}, Process::Pipe::from);
  const std::string text = ffmpeg.read_all();
  const auto words = split_words(text.substr(0, text.find('\n')), ' ');
  return ffmpeg.finish() == 0 && words.size() > 2 ? std::string(words[2]) : std::string();
}

}  // namespace sfumato
