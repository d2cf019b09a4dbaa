// SPDX-License-Identifier: Apache-2.0
// A plan as a libvips image that computes itself while it is written.
#pragma once

#include <vips/vips.h>

#include <atomic>
#include <functional>
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

// Calls use() with rows y0..y1-1 of a picture of such samples; from any thread. Throws Code::input.
void fetch_rows(VipsImage* in, int y0, int y1, const std::function<void(const View&)>& use);

// An image of `in`'s size, bands and metadata whose rows y0..y1-1 compute() fills: bands in ascending order, ahead of
// the reader, from `threads` threads (0: one per processor). The caller owns the result, which keeps `in`.
using ComputeBand = std::function<void(int y0, int y1, const MutableView& out)>;
VipsImage* stream_bands(VipsImage* in, Sample out, int threads, ComputeBand compute);

}  // namespace sfumato
