// SPDX-License-Identifier: Apache-2.0
#include "measure/analysis.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sfumato {
namespace {

TEST(Analysis, AveragesLightNotCodes) {
  // A checkerboard of black and white: half the light, 0.7354 as an sRGB code.
  Picture p(512, 512, Sample::u8);
  for (int i = 0; i < 512 * 512; ++i)
    for (int c = 0; c < 3; ++c) p.samples<std::uint8_t>()[3 * i + c] = (i + i / 512) % 2 ? 255 : 0;
  const Picture& board = p;
  const Analysis a = analyze(board.view());
  for (const float v : a.rgb) ASSERT_NEAR(0.7354f, v, 1e-4f);
  EXPECT_EQ(1.0f, a.aspect);
}

TEST(Analysis, DoesNotDependOnTheSizeOfThePhoto) {
  auto ramp = [](int width, int height) {
    Picture p(width, height, Sample::f32, 4);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (int c = 0; c < 4; ++c)
          p.samples<float>()[4 * (y * width + x) + c] =
              c == 3 ? 0.1f : 0.2f + 0.6f * (c == 0 ? (x + 0.5f) / width : (y + 0.5f) / height);
    return p;
  };
  const Picture large = ramp(1024, 768), small = ramp(300, 225);
  const Analysis a = analyze(large.view()), b = analyze(small.view());
  EXPECT_FLOAT_EQ(a.aspect, b.aspect);
  for (std::size_t i = 0; i < a.rgb.size(); ++i) ASSERT_NEAR(a.rgb[i], b.rgb[i], 2e-3f);
}

}  // namespace
}  // namespace sfumato
