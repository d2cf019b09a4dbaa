// SPDX-License-Identifier: Apache-2.0
#include "sfumato/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "base/threads.h"
#include "image/check_view.h"
#include "render/engine.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

void check_pictures(const Plan& plan, const View& in, const View& out) {
  check_view(in, "input picture");
  check_view(out, "output picture");
  if (in.width != out.width || in.height != out.height || in.bands != out.bands)
    throw Error(Code::usage,
                fmt::format("found {} x {} pixels of {} bands for an input of {} x {} of {}; expected the same",
                            out.width, out.height, out.bands, in.width, in.height, in.bands),
                "output picture");
  const bool is_in_place = plan.is_point() && in.data == out.data && in.stride == out.stride && in.sample == out.sample;
  if (share_memory(in, out) && !is_in_place)
    throw Error(Code::usage,
                plan.is_point() ? "found part of the input's memory; expected all of it, or other memory"
                                : "found the input's memory; expected other memory for a look that reads neighbors",
                "output picture");
}

}  // namespace

long long render(const Plan& plan, const View& in, const MutableView& out, const RenderOptions& options) {
  check_pictures(plan, in, out);
  constexpr int band = 64;
  Engine engine(plan, in.width, in.height, options.dither);
  engine.prepare([&](int y0, int y1, const Engine::Use& use) { use(in.rows(y0, y1)); }, options.threads);
  std::atomic<long long> bad = 0;
  parallel_for((in.height + band - 1) / band, options.threads, [&](int i) {
    const int y0 = i * band, y1 = std::min(in.height, y0 + band);
    const View rows = in.rows(std::max(0, y0 - engine.halo()), std::min(in.height, y1 + engine.halo()));
    bad += engine.render_band(rows, y0, y1, out.rows(y0, y1));
  });
  return bad;
}

Picture rendered(const Plan& plan, const View& in, Sample sample, const RenderOptions& options) {
  Picture out(in.width, in.height, sample, in.bands);
  render(plan, in, out.view(), options);
  return out;
}

}  // namespace sfumato
