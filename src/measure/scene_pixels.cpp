// SPDX-License-Identifier: Apache-2.0
#include "measure/scene_pixels.h"

#include <algorithm>
#include <cmath>

#include "base/threads.h"
#include "color/lab.h"
#include "color/transfer.h"
#include "lane/scalar.h"

namespace sfumato {

ScenePixels::ScenePixels(const Analysis& a)
    : encoded(count), linear(count), oklab(count), luminance(count), log_light(count), tone(count), chroma(count) {
  parallel_parts(count, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      encoded[i] = {a.rgb[i], a.rgb[count + i], a.rgb[2 * count + i]};
      linear[i] = srgb_decode(encoded[i]);
      luminance[i] = times(CielabMatrices::to_xyz, linear[i]).g;
      log_light[i] = std::log2(std::max(luminance[i], 0.0f) + 0.001f);
      tone[i] = srgb_encode(luminance[i]);
      oklab[i] = linear_to_oklab(linear[i]);
      chroma[i] = std::hypot(oklab[i].g, oklab[i].b);
    }
  });
}

}  // namespace sfumato
