// SPDX-License-Identifier: Apache-2.0
// How the programs ffmpeg and ffprobe are called, and what their failures mean.
#pragma once

#include <string>
#include <vector>

namespace sfumato {

// Arguments that name an input file, and let nothing else be opened for it.
std::vector<std::string> input_of(const std::string& path);

void append(std::vector<std::string>& command, const std::vector<std::string>& words);

// The first line that says what went wrong, without the parts that only mean something inside ffmpeg.
std::string complaint(const std::string& said);

// Throws Code::resource when `exit_code` means that there is no such program.
void check_found(const char* program, int exit_code);

// "5.1.9-0+deb12u1"; empty: not installed.
std::string ffmpeg_version();

}  // namespace sfumato
