// SPDX-License-Identifier: Apache-2.0
#include "transfer/color_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "lane/isa.h"
#include "transfer/curve_match.h"

namespace sfumato {
namespace {

constexpr int n = 45;  // not whole registers
constexpr float axes[2][3]{{0.6f, 0.0f, 0.8f}, {0.8f, 0.0f, -0.6f}};

float along(const float axis[3], const Rgb<float>& c) { return axis[0] * c.r + axis[1] * c.g + axis[2] * c.b; }

class ColorRowsOf : public testing::TestWithParam<Isa> {
 protected:
  ColorRowsOf() {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> value(-0.5f, 1.5f);
    rows.resize(n, 1);
    for (int i = 0; i < padded(n); ++i) {
      colors.push_back(i < n ? Rgb<float>{value(random), value(random), value(random)} : colors.back());
      const Strip to = rows.row(0);
      to.channel[0][i] = colors[i].r, to.channel[1][i] = colors[i].g, to.channel[2][i] = colors[i].b;
    }
  }
  Rgb<float> moved(int i) {
    const Strip c = rows.row(0);
    return {c.channel[0][i], c.channel[1][i], c.channel[2][i]};
  }

  const ColorRows& kernels = sfumato::kernels<ColorRows>(GetParam());
  std::vector<Rgb<float>> colors;
  PlanarRows rows;
};

TEST_P(ColorRowsOf, ProjectsOnAnAxisAndFindsTheExtremes) {
  std::vector<float> places(padded(n));
  const Extremes found = kernels.project(std::as_const(rows).row(0), axes[0], n, places.data());
  for (int i = 0; i < n; ++i) EXPECT_NEAR(places[i], along(axes[0], colors[i]), 1e-6) << i;
  EXPECT_EQ(found.low, *std::min_element(places.begin(), places.begin() + n));
  EXPECT_EQ(found.high, *std::max_element(places.begin(), places.begin() + n));
}

TEST_P(ColorRowsOf, MoveColorsAsTheirCurvesSay) {
  const MatchCurve curves[2]{{0.0f, 4.0f, {0.1f, 0.2f, 0.7f, 0.75f, 0.9f}}, {-0.3f, 2.0f, {0.0f, 1.0f}}};
  const float shares[2]{1.0f, 0.5f};
  AxisCurve steps[2];
  for (int k = 0; k < 2; ++k) steps[k] = curves[k].along({axes[k][0], axes[k][1], axes[k][2]}, shares[k]);
  kernels.move_along(steps, 2, rows.row(0), n);
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < 2; ++k) {
      const float v = along(axes[k], colors[i]);
      EXPECT_NEAR(along(axes[k], moved(i)), v + shares[k] * (curves[k](v) - v), 1e-5) << i << ' ' << k;
    }
    EXPECT_EQ(moved(i).g, colors[i].g) << "across both axes";
  }
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, ColorRowsOf,
                         testing::ValuesIn(available_isas().begin(), available_isas().end()),
                         [](const auto& info) { return std::string(name_of(info.param)); });

}  // namespace
}  // namespace sfumato
