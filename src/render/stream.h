// SPDX-License-Identifier: Apache-2.0
// A plan as a libvips image that computes itself while it is written.
#pragma once

#include <vips/vips.h>

#include <atomic>
#include <memory>
#include <string>

#include "sfumato/render.h"

namespace sfumato {

struct StreamReport {
  std::atomic<long long> not_finite = 0;
};

// `in` holds 3 or 4 bands of uchar, ushort or float. The result has its size, bands and metadata, and `out` samples.
// Plans with canvas operations read `in` once more per such operation before this returns, and need random access.
// The caller owns the result; `report` fills while the result is read.
// Throws Code::input when reading fails.
VipsImage* stream(const Plan&, VipsImage* in, Sample out, const RenderOptions&, std::shared_ptr<StreamReport> report);

}  // namespace sfumato
