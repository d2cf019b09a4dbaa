// SPDX-License-Identifier: Apache-2.0
// What `sfumato train` is told.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "learner/learner.h"
#include "paint/patch_painter.h"

namespace sfumato {

struct TrainFlags {
  NetTrainOptions train;
  UpscaleTrainOptions upscale;
  std::string kind, style, output, trace, similarity = "none", progress = "auto";
  std::vector<std::string> photos;
  float balance = PatchOptions{}.balance;
  std::optional<int> steps, batch, crop;
  std::optional<double> rate;
  int count = 0;
  bool recursive = false, overwrites = false;

  void declare(CLI::App&);
};

}  // namespace sfumato
