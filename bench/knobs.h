// SPDX-License-Identifier: Apache-2.0
// Arguments of the programs that measure transfer: TRANSFER_FOLDER [OUTPUT_FOLDER] [knob=value ...]
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>

#include "sfumato/error.h"

namespace sfumato {

using Knobs = std::map<std::string, double>;

// `run(folder, output, knobs)` gives the exit code; errors are printed.
template <class Run>
int run_with_knobs(int argc, char** argv, const Run& run) {
  try {
    if (argc < 2) throw Error(Code::usage, "expected TRANSFER_FOLDER [OUTPUT_FOLDER] [knob=value ...]");
    std::filesystem::path output;
    Knobs knobs;
    for (int i = 2; i < argc; ++i) {
      const std::string a = argv[i];
      if (const auto at = a.find('='); at != a.npos)
        knobs[a.substr(0, at)] = std::stod(a.substr(at + 1));
      else
        output = a;
    }
    return run(argv[1], output, knobs);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 2;
  }
}

}  // namespace sfumato
