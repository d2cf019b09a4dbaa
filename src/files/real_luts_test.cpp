// SPDX-License-Identifier: Apache-2.0
// LUT files as other programs write them; SFUMATO_DATA names their folder.
#include <gmock/gmock.h>

#include <filesystem>

#include "files/lut_file.h"
#include "given.h"
#include "lane/scalar.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

using Color = Rgb<double>;

void expect_color(const CubeTable& t, const Color& in, const Color& want) {
  const Color got = table3(&t, in);
  EXPECT_NEAR(got.r, want.r, 1e-6);
  EXPECT_NEAR(got.g, want.g, 1e-6);
  EXPECT_NEAR(got.b, want.b, 1e-6);
}

class RealLuts : public testing::Test {
 protected:
  void SetUp() override {
    luts_ = real_data("luts");
    if (luts_.empty()) GTEST_SKIP() << no_real_data;
  }
  fs::path luts_;
};

TEST_F(RealLuts, OfFilmAllLoad) {
  int count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(luts_ / "gmic_film_cube")) {
    if (entry.path().extension() != ".cube") continue;
    ++count;
    const auto t = load_lut(entry.path());
    EXPECT_EQ(t->nodes.size(), static_cast<std::size_t>(t->size) * t->size * t->size * 4) << entry.path();
    EXPECT_FALSE(t->has_shaper());
  }
  EXPECT_GE(count, 32);
}

// The numbers of OpenColorIO's own tests of these files.
TEST_F(RealLuts, OfOpenColorIoMeanWhatItSays) {
  const fs::path folder = luts_ / "ocio_parser_cases";
  const auto curves = load_lut(folder / "iridas_1d.cube");
  expect_color(*curves, {-1.0, 1.25, 0.25}, {0.0, 0.1, 0.2});
  expect_color(*curves, {-2.0, 2.0, 0.875}, {-1.0, 2.1, 2.1});
  expect_color(*load_lut(folder / "iridas_3d.cube"), {0.5, 1.25, 0.75}, {0.5, 0.5, 1.5});

  const auto both = load_lut(folder / "resolve_1d3d.cube");
  ASSERT_EQ(both->shaper[0].size(), 6u);
  EXPECT_EQ(both->size, 3);
  // The cube makes 1 - v / 4 of what the curves give, but for its first node.
  expect_color(*both, {-1.0, -1.0, -1.0}, {1 - 3.3 / 4, 1 - 3.4 / 4, 1 - 3.5 / 4});
  expect_color(*both, {2.2, 1.4, 0.6}, {1 - 1.0 / 4, 1 - 2.0 / 4, 1 - 2.4 / 4});
  expect_color(*both, {9.0, 9.0, 9.0}, {1.1, 1.1, 1.1});

  const auto discreet = load_lut(folder / "discreet-3d-lut.3dl");
  EXPECT_EQ(discreet->size, 17);
  EXPECT_FALSE(discreet->has_shaper());
  // The second row: one step of blue.
  EXPECT_NEAR(discreet->nodes[17 * 17 * 4 + 2], 68 / 4095.0f, 1e-6);
}

TEST_F(RealLuts, ThatAreCutShortAreRefused) {
  EXPECT_THAT(refusal(Code::look, [&] { load_lut(luts_ / "ocio_parser_cases" / "error_truncated_file.3dl"); }),
              AllOf(HasSubstr("error_truncated_file.3dl:"), HasSubstr("expected 4913"), HasSubstr("cut short")));
  EXPECT_THROW(load_lut(luts_ / "ocio_parser_cases" / "lut3d_arbitrary.csp"), Error);
}

TEST_F(RealLuts, OfHaldCarryTheIdentity) {
  const auto t = load_lut(luts_ / "haldclut_xtrans3" / "Hald CLUT Identity 12.png");
  const CubeTable want = identity_cube(144);
  ASSERT_EQ(t->size, 144);
  for (std::size_t i = 0; i < want.nodes.size(); ++i) ASSERT_NEAR(t->nodes[i], want.nodes[i], 0.6 / 255) << i;
}

}  // namespace
}  // namespace sfumato
