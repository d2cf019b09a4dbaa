// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "color/transfer.h"
#include "lane/scalar.h"
#include "pairs/pair.h"

namespace sfumato {
namespace {

// What is drawn for one copy.
struct Draws {
  Draws(const Pair& p, std::uint64_t seed, std::uint64_t counter, const AugmentOptions& o)
      : stream(random_bits(seed, counter)) {
    auto uniform = [&] { return random_uniform(stream, next++); };
    auto normal = [&] { return std::clamp(random_normal(stream, next++), -3.0, 3.0); };
    const double stops = o.stops * normal();
    for (const int c : {0, 2}) gain[c] = static_cast<float>(std::exp2(stops + o.white * normal()));
    gain[1] = static_cast<float>(std::exp2(stops));
    slope = static_cast<float>(1 + o.contrast * normal());
    noise = o.noise * static_cast<float>(uniform());
    const double share = o.smallest_crop + (1 - o.smallest_crop) * uniform();
    width = std::max(1, static_cast<int>(std::lround(p.before.width() * share)));
    height = std::max(1, static_cast<int>(std::lround(p.before.height() * share)));
    x0 = static_cast<int>(uniform() * (p.before.width() - width + 1));
    y0 = static_cast<int>(uniform() * (p.before.height() - height + 1));
    is_flipped = o.flips && uniform() < 0.5;
  }

  std::uint64_t stream, next = 0;
  float gain[3], slope, noise;
  int width, height, x0, y0;
  bool is_flipped;
};

Picture cut(const Picture& in, const Draws& d) {
  Picture out(d.width, d.height, Sample::f32);
  for (int y = 0; y < d.height; ++y)
    for (int x = 0; x < d.width; ++x) {
      const int sx = d.x0 + (d.is_flipped ? d.width - 1 - x : x);
      std::copy_n(in.samples<float>() + 3l * ((d.y0 + y) * in.width() + sx), 3,
                  out.samples<float>() + 3l * (y * d.width + x));
    }
  return out;
}

void shift_input(Picture& before, const Draws& d) {
  constexpr float middle = 0.46f;  // 18 % gray, encoded
  constexpr int block = 8;
  const std::uint64_t of_pixels = mix64(d.stream + 1), of_blocks = mix64(d.stream + 2);
  for (int y = 0; y < before.height(); ++y)
    for (int x = 0; x < before.width(); ++x) {
      const std::uint64_t at = static_cast<std::uint64_t>(y) << 32 | static_cast<std::uint32_t>(x);
      const std::uint64_t in_block =
          static_cast<std::uint64_t>(y / block) << 32 | static_cast<std::uint32_t>(x / block);
      float* p = before.samples<float>() + 3l * (y * before.width() + x);
      const float grain = d.noise > 0 ? d.noise * static_cast<float>(0.8 * random_normal(of_pixels, at) +
                                                                     0.6 * random_normal(of_blocks, in_block))
                                      : 0.0f;
      for (int c = 0; c < 3; ++c)
        p[c] = middle + d.slope * (srgb_encode(srgb_decode(p[c]) * d.gain[c]) - middle) + grain;
    }
}

}  // namespace

Pair augment(const Pair& pair, std::uint64_t seed, std::uint64_t counter, const AugmentOptions& options) {
  const Draws d(pair, seed, counter, options);
  Pair out;
  out.name = pair.name;
  out.before_path = pair.before_path;
  out.after_path = pair.after_path;
  out.notes = pair.notes;
  out.before = cut(pair.before, d);
  out.after = cut(pair.after, d);
  std::size_t usable = 0;
  for (int y = 0; y < d.height; ++y)
    for (int x = 0; x < d.width; ++x) {
      const int sx = d.x0 + (d.is_flipped ? d.width - 1 - x : x);
      out.usable.push_back(pair.usable[static_cast<std::size_t>(d.y0 + y) * pair.before.width() + sx]);
      usable += out.usable.back() == 1;
    }
  out.usable_share = static_cast<double>(usable) / static_cast<double>(out.usable.size());
  shift_input(out.before, d);
  return out;
}

}  // namespace sfumato
