// SPDX-License-Identifier: Apache-2.0
#include "sfumato/render.h"

#include <algorithm>
#include <atomic>

#include "base/threads.h"
#include "render/engine.h"

namespace sfumato {

long long render(const Plan& plan, const View& in, const MutableView& out, const RenderOptions& options) noexcept {
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

}  // namespace sfumato
