// SPDX-License-Identifier: Apache-2.0
// Every instruction set's sRGB curve against the formula in double.
#include "color/transfer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lane/isa.h"
#include "lane/scalar.h"
#include "render/kernels.h"

namespace sfumato {
namespace {

TEST(SrgbCurve, IsWithinAMillionthOnEveryInstructionSet) {
  constexpr int n = 512;
  for (Isa isa : available_isas())
    for (const bool decodes : {true, false}) {
      double worst = 0;
      for (float top : {0.01f, 1.0f, 7.9f, 9.0f, 60.0f}) {
        AlignedFloats floats(3 * n);
        const Strip s{{floats.data(), floats.data() + n, floats.data() + 2 * n}};
        for (int i = 0; i < 3 * n; ++i) floats.data()[i] = top * static_cast<float>(i - 300) / (3 * n - 300);
        std::vector<float> before(floats.data(), floats.data() + 3 * n);
        kernels<Kernels>(isa).convert(decodes ? Space::encoded : Space::linear,
                                      decodes ? Space::linear : Space::encoded, s, n);
        for (int i = 0; i < 3 * n; ++i) {
          const double want =
              decodes ? srgb_decode(static_cast<double>(before[i])) : srgb_encode(static_cast<double>(before[i]));
          worst = std::max(worst, std::abs(want - floats.data()[i]) / std::max(1.0, std::abs(want)));
        }
      }
      EXPECT_LT(worst, 1e-6) << name_of(isa) << (decodes ? " decoding" : " encoding");
    }
}

}  // namespace
}  // namespace sfumato
