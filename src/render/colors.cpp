// SPDX-License-Identifier: Apache-2.0
#include "render/colors.h"

#include <cstring>
#include <utility>

namespace sfumato {

static_assert(sizeof(Rgb<float>) == 3 * sizeof(float));

std::vector<Rgb<float>> render_colors(const Plan& plan, const std::vector<Rgb<float>>& colors) {
  constexpr int width = 1024;
  std::vector<Rgb<float>> result(colors.size());
  if (colors.empty()) return result;
  const int height = static_cast<int>((colors.size() + width - 1) / width);
  Picture in(width, height, Sample::f32), out(width, height, Sample::f32);
  std::memcpy(in.samples<float>(), colors.data(), colors.size() * sizeof(Rgb<float>));
  render(plan, std::as_const(in).view(), out.view(), {.threads = 1});
  std::memcpy(result.data(), out.samples<float>(), colors.size() * sizeof(Rgb<float>));
  return result;
}

}  // namespace sfumato
