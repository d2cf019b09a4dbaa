// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sfumato/error.h"
#include "sfumato/image.h"

namespace sfumato {
namespace {

std::size_t checked_size(int width, int height, Sample sample, int bands) {
  if (width < 0 || height < 0 || bands < 1 || bands > 4)
    throw Error(Code::usage, fmt::format("found a picture of {} x {} pixels of {} bands; expected sides from 0 on and "
                                         "1 to 4 bands",
                                         width, height, bands));
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * static_cast<std::size_t>(bands) *
         static_cast<std::size_t>(bytes_of(sample));
}

}  // namespace

Picture::Picture(int width, int height, Sample sample, int bands)
    : width_(width),
      height_(height),
      bands_(bands),
      sample_(sample),
      bytes_(checked_size(width, height, sample, bands)) {}

}  // namespace sfumato
