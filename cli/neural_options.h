// SPDX-License-Identifier: Apache-2.0
// Options of painting by optimization, and its trace.
#pragma once

#include <CLI/CLI.hpp>

#include "learner/neural_picture.h"

namespace sfumato {

struct NeuralFlags {
  static constexpr const char* group = "Neural";  // in the help
  NeuralPaint paint;
  std::string trace, mask;
  std::vector<std::string> style_masks;

  void declare(CLI::App&);
  // A line of JSON.
  static std::string trace_line(const NeuralStep&);
};

}  // namespace sfumato
