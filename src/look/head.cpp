// SPDX-License-Identifier: Apache-2.0
#include "look/head.h"

#include <algorithm>
#include <cmath>

#include "lane/scalar.h"

namespace sfumato {

std::vector<HeadOutput> head_of(const Look& look) {
  std::vector<HeadOutput> outputs;
  for (std::size_t s = 0; s < look.steps.size(); ++s) {
    int i = 0;
    for (const Knob& k : look.steps[s].op->knobs)
      for (int j = 0; j < k.count; ++j, ++i) {
        const KnobValue& v = look.steps[s].values[i];
        if (!v.is_range()) continue;
        const bool is_flat = v.preset == k.neutral && (k.neutral == k.min || k.neutral == k.max);
        outputs.push_back({static_cast<int>(s), i, std::min(v.low, k.neutral), k.neutral, std::max(v.high, k.neutral),
                           is_flat ? std::clamp(k.initial(), v.low, v.high) : v.preset});
      }
  }
  return outputs;
}

Look with_raw(const Look& look, const std::vector<HeadOutput>& outputs, const float* raw) {
  Look result = look;
  for (const HeadOutput& o : outputs) {
    const float v = squash(*raw++, o.neutral - o.low, o.neutral, o.high - o.neutral);
    result.steps[o.step].values[o.value] = KnobValue::fixed(std::clamp(v, o.low, o.high));
  }
  return result;
}

float raw_of(const HeadOutput& o, float value) {
  const float side = value < o.neutral ? o.neutral - o.low : o.high - o.neutral;
  if (side == 0.0f || value == o.neutral) return 0.0f;
  const float share = std::min(std::abs(value - o.neutral) / side, 0.995f);
  return std::copysign(std::atanh(share), value - o.neutral);
}

}  // namespace sfumato
