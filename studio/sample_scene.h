// SPDX-License-Identifier: Apache-2.0
// Pictures to try looks on, computed: no photo comes with the program.
#pragma once

#include <span>

#include "sfumato/image.h"

namespace sfumato {

struct SampleScene {
  const char* name;
  const char* title;
  Picture (*draw)();  // 8-bit sRGB
};

std::span<const SampleScene> sample_scenes();

}  // namespace sfumato
