// SPDX-License-Identifier: Apache-2.0
#include "render/bake.h"

#include <gmock/gmock.h>

#include <memory>

#include "files/lut_file.h"
#include "lane/scalar.h"
#include "render/colors.h"
#include "render/plan.h"

namespace sfumato {
namespace {

Look look(const std::string& steps) {
  return parse_look("{\"sfumato\": 1, \"title\": \"t\", \"steps\": [" + steps + "]}", "t.json");
}

Look of_table(const CubeTable& table) {
  Look l = look("{\"op\": \"saturation\"}");
  l.steps[0] = {find_op("lut3d"), {KnobValue::fixed(1.0f)}, "a.cube", std::make_shared<CubeTable>(table)};
  return l;
}

TEST(Bake, OfNothingIsTheIdentityWithoutResidual) {
  const Baked baked = bake(look(""), 5);
  const CubeTable want = identity_cube(5);
  for (std::size_t i = 0; i < want.nodes.size(); ++i) ASSERT_NEAR(baked.table.nodes[i], want.nodes[i], 1e-6);
  const Residual residual = residual_of(baked.table, look(""));
  EXPECT_LT(residual.max_difference, 1e-6);
  EXPECT_LT(residual.max_e, 1e-3);
  EXPECT_EQ(baked.outside, 0.0);
  EXPECT_TRUE(baked.not_carried.empty());
}

TEST(Bake, OfATableOfTheSameSizeIsThatTable) {
  CubeTable table = identity_cube(9);
  for (float& v : table.nodes) v = v * v * 0.8f + 0.1f;
  const Baked baked = bake(of_table(table), 9);
  for (std::size_t i = 0; i < table.nodes.size(); i += 4)
    for (std::size_t c = 0; c < 3; ++c) ASSERT_NEAR(baked.table.nodes[i + c], table.nodes[i + c], 1e-6);
  EXPECT_LT(residual_of(baked.table, of_table(table)).max_difference, 2e-6);
}

TEST(Bake, MeasuresTheResidualItLeaves) {
  // One node raised by 0.1 in a table of 3: a table of 2 misses all of it.
  CubeTable table = identity_cube(3);
  table.nodes[13 * 4] += 0.1f;
  const Residual residual = residual_of(identity_cube(2), of_table(table));
  EXPECT_NEAR(residual.max_difference, 0.1, 1e-3);
  // 24 of the 48 tetrahedra touch the node; in each the error's mean is a quarter; one of three channels has it.
  // On the gray axis, 1025 of the 131025 colors, the mean is a half.
  constexpr double grays = 1025.0 / 131025.0;
  EXPECT_NEAR(residual.mean_difference, 0.1 / 3 * ((1 - grays) / 8 + grays / 2), 3e-6);
  EXPECT_GT(residual.max_e, residual.p99_e);
  EXPECT_GT(residual.p99_e, residual.mean_e);
  EXPECT_LT(residual_of(bake(of_table(table), 3).table, of_table(table)).max_difference, 2e-6);
}

TEST(Bake, FallsInErrorAsItGrows) {
  const Look velvia = find_look("velvia");
  double before = 1.0;
  for (const int size : {9, 17, 33}) {
    const double mean = residual_of(bake(velvia, size).table, velvia).mean_difference;
    EXPECT_LT(mean, before * 0.5) << size;
    before = mean;
  }
}

// Between its nodes a sampled table lies on one side of a curve; the fitted one lies on both.
TEST(Bake, IsNearerThanSamples) {
  const Look velvia = find_look("velvia");
  CubeTable samples = identity_cube(33);
  std::vector<Rgb<float>> colors;
  for (std::size_t i = 0; i < samples.nodes.size(); i += 4)
    colors.push_back({samples.nodes[i], samples.nodes[i + 1], samples.nodes[i + 2]});
  const std::vector<Rgb<float>> values = render_colors(Plan(velvia), colors);
  for (std::size_t i = 0; i < values.size(); ++i)
    samples.nodes[4 * i] = values[i].r, samples.nodes[4 * i + 1] = values[i].g, samples.nodes[4 * i + 2] = values[i].b;
  const Residual sampled = residual_of(samples, velvia), fitted = residual_of(bake(velvia, 33).table, velvia);
  EXPECT_LT(fitted.mean_difference, 0.65 * sampled.mean_difference);
  EXPECT_LT(fitted.max_difference, sampled.max_difference);
}

TEST(Bake, KeepsGraysGray) {
  const CubeTable table = bake(find_look("provia"), 17).table;
  for (int i = 0; i <= 64; ++i) {
    const Rgb<double> c = table3(&table, Rgb<double>{1, 1, 1} * (i / 64.0));
    EXPECT_NEAR(c.g, c.r, 2e-6) << i;
    EXPECT_NEAR(c.g, c.b, 2e-6) << i;
  }
}

TEST(Bake, NamesWhatATableCannotCarry) {
  const Baked baked = bake(look("{\"op\": \"exposure\", \"stops\": 0.5}, {\"op\": \"vignette\", \"amount\": 0.5}"), 5);
  EXPECT_THAT(baked.not_carried, testing::ElementsAre("vignette"));
  EXPECT_GT(baked.outside, 0.2);
}

TEST(Bake, SurvivesTheFile) {
  const Baked baked = bake(find_look("velvia"), 17);
  const CubeTable back = parse_cube(print_cube(baked.table, "velvia"), "a.cube");
  ASSERT_EQ(back.nodes.size(), baked.table.nodes.size());
  for (std::size_t i = 0; i < back.nodes.size(); ++i) ASSERT_NEAR(back.nodes[i], baked.table.nodes[i], 1e-7);
}

}  // namespace
}  // namespace sfumato
