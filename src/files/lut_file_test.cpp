// SPDX-License-Identifier: Apache-2.0
#include "files/lut_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>

#include "base/file.h"
#include "given.h"
#include "lane/scalar.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using Color = Rgb<double>;

Color apply(const CubeTable& t, double r, double g, double b) { return table3(&t, Color{r, g, b}); }

void expect_color(const Color& got, double r, double g, double b, double slack = 1e-6) {
  EXPECT_NEAR(got.r, r, slack);
  EXPECT_NEAR(got.g, g, slack);
  EXPECT_NEAR(got.b, b, slack);
}

// What parse_cube (or parse_3dl) says against a text; every refusal is Code::look.
std::string refusal(const std::string& text, CubeTable (*parse)(std::string_view, const std::string&) = parse_cube) {
  return sfumato::refusal(Code::look, [&] { parse(text, "a.cube"); });
}

// Rows of an identity of two nodes, the second one replaced.
std::string two_nodes(const std::string& second = "1 0 0") {
  return "0 0 0\n" + second + "\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n";
}

using LutFiles = FolderTest;

TEST(CubeFile, TakesWhateverEditorsDoToText) {
  const CubeTable t = parse_cube(
      "\xef\xbb\xbf# made by hand\r\nTITLE \"A \\\"quoted\\\" # title\"\r\n\r\n\tLUT_3D_SIZE\t2 \r\n  # values\r\n"
      "0 0 0\r\n1.0e0\t0 0\r\n0 +1 0\r\n\r\n1 1 0 # red and green\r\n0 0 1\r\n1 0 1\r\n0 1 1\r\n1 1 1",
      "a.cube");
  EXPECT_EQ(t.size, 2);
  expect_color(apply(t, 0.2, 0.5, 0.9), 0.2, 0.5, 0.9);
}

TEST(CubeFile, SaysWhatIsWrongAndWhere) {
  const std::string head = "LUT_3D_SIZE 2\n";
  EXPECT_THAT(refusal(head + two_nodes("1 nan 0")),
              AllOf(HasSubstr("a.cube:3"), HasSubstr("'nan'"), HasSubstr("finite")));
  EXPECT_THAT(refusal(head + two_nodes("NaN 0 0")), AllOf(HasSubstr("a.cube:3"), HasSubstr("finite")));
  EXPECT_THAT(refusal(head + two_nodes("-inf 0 0")), HasSubstr("finite"));
  EXPECT_THAT(refusal(head + two_nodes("1e39 0 0")), HasSubstr("finite"));
  EXPECT_THAT(refusal(head + two_nodes("0,5 0 0")),
              AllOf(HasSubstr("a.cube:3"), HasSubstr("'0,5'"), HasSubstr("comma")));
  EXPECT_THAT(refusal(head + two_nodes("0, 5, 0, 0")), HasSubstr("decimal points"));
  EXPECT_THAT(refusal(head + two_nodes("1 0")), AllOf(HasSubstr("found 2 values"), HasSubstr("expected 3")));
  EXPECT_THAT(refusal(head + "0 0 0\n1 0 0\n"), AllOf(HasSubstr("found 2 rows"), HasSubstr("expected 8")));
  EXPECT_THAT(refusal(head + two_nodes() + "1 1 1\n"),
              AllOf(HasSubstr("a.cube:10"), HasSubstr("more than the 8 rows")));
  EXPECT_THAT(refusal(head), HasSubstr("found 0 rows"));
  EXPECT_THAT(refusal(two_nodes()), HasSubstr("no LUT_1D_SIZE or LUT_3D_SIZE"));
  EXPECT_THAT(refusal(""), HasSubstr("no LUT_1D_SIZE or LUT_3D_SIZE"));
  EXPECT_THAT(refusal("LUT_3D_SIZE 2\nLUT_3D_SIZE 3\n" + two_nodes()), HasSubstr("twice"));
  EXPECT_THAT(refusal("LUT_IN_VIDEO_RANGE\n" + head + two_nodes()),
              AllOf(HasSubstr("a.cube:1"), HasSubstr("'LUT_IN_VIDEO_RANGE'")));
  EXPECT_THAT(refusal("lut_3d_size 2\n" + two_nodes()), HasSubstr("'lut_3d_size'"));
  EXPECT_THAT(refusal(head + "0 0 0\nTITLE \"late\"\n"), HasSubstr("among the values"));
  EXPECT_THAT(refusal("LUT_1D_SIZE 2\nLUT_3D_SIZE 2\n"), AllOf(HasSubstr("found 0 rows"), HasSubstr("expected 10")));
}

TEST(CubeFile, RefusesSizesBeforeItMakesRoom) {
  for (const char* size : {"2000000000", "1", "0", "-3", "145", "99999999999999999999", "2.0", "abc"})
    EXPECT_THAT(refusal(fmt::format("LUT_3D_SIZE {}\n", size)), AllOf(HasSubstr("a.cube:1"), HasSubstr("2 to 144")))
        << size;
  EXPECT_THAT(refusal("LUT_1D_SIZE 65537\n"), HasSubstr("2 to 65536"));
  EXPECT_THAT(refusal("LUT_3D_SIZE\n"), HasSubstr("one size"));
}

TEST(CubeFile, RefusesEmptyDomains) {
  const std::string rest = "LUT_3D_SIZE 2\n" + two_nodes();
  EXPECT_THAT(refusal("DOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 0 1\n" + rest), HasSubstr("above its beginning"));
  EXPECT_THAT(refusal("DOMAIN_MAX 1 1 1\nDOMAIN_MIN 0 2 0\n" + rest), HasSubstr("above its beginning"));
  EXPECT_THAT(refusal("LUT_3D_INPUT_RANGE 1 0\n" + rest), HasSubstr("above its beginning"));
  EXPECT_THAT(refusal("DOMAIN_MIN 2 2 2\nDOMAIN_MAX 3 3 3\n" + rest), IsEmpty());
  EXPECT_THAT(refusal("DOMAIN_MIN 0 0\n" + rest), HasSubstr("found 2 values; expected 3"));
}

TEST(CubeFile, GivesCurvesWithoutClampingWhatTheyGive) {
  const CubeTable t =
      parse_cube("LUT_1D_SIZE 3\nDOMAIN_MIN -1 0 0\nDOMAIN_MAX 1 2 1\n-2 0.25 7\n0.5 20 7\n4 100 7\n", "a.cube");
  expect_color(apply(t, -1, 0, 0.3), -2, 0.25, 7, 1e-5);
  expect_color(apply(t, 0.5, 1.5, 1), 2.25, 60, 7, 1e-5);
  expect_color(apply(t, -0.5, 0.5, 0), -0.75, 10.125, 7, 1e-5);
  expect_color(apply(t, 9, -9, 9), 4, 0.25, 7, 1e-5);  // beyond the domain: its ends
}

TEST(CubeFile, StaysFiniteForFlatCurvesOfAnyHeight) {
  for (const char* value : {"0", "16", "-1000", "65504"}) {
    const CubeTable t = parse_cube(fmt::format("LUT_1D_SIZE 2\n{0} {0} {0}\n{0} {0} {0}\n", value), "a.cube");
    const double v = std::stod(value);
    expect_color(apply(t, 0.1, 0.5, 0.9), v, v, v, std::abs(v) * 1e-6);
  }
}

TEST(CubeFile, RunsCurvesBeforeTheCube) {
  // The curve inverts; the cube swaps red and blue.
  const CubeTable t = parse_cube(
      "LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE 0 1\nLUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0 1\n1 1 1\n0 0 0\n"
      "0 0 0\n0 0 1\n0 1 0\n0 1 1\n1 0 0\n1 0 1\n1 1 0\n1 1 1\n",
      "a.cube");
  expect_color(apply(t, 0.1, 0.3, 0.8), 0.2, 0.7, 0.9);
}

TEST(CubeFile, ReadsBackWhatItPrints) {
  const char* texts[]{"LUT_1D_SIZE 3\n0 0.1 0\n0.6 0.5 0.2\n1 0.9 0.9\n",                            // unlike curves
                      "LUT_1D_SIZE 2\nDOMAIN_MIN -1 0 0.5\nDOMAIN_MAX 1 2 1\n-2 0.25 7\n4 100 8\n",  // unlike domains
                      "LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE -1 3\nLUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0.1 4\n4 4 3\n0 0 1\n"
                      "0 0 0\n0 0 1\n0 1 0\n0 1 1\n1 0 0\n1 0 1\n1 1 0\n1 1 1\n",
                      "LUT_1D_SIZE 2\nDOMAIN_MIN -1 0 0\nDOMAIN_MAX 1 2 4\nLUT_3D_SIZE 2\n4 4 3\n0 0 1\n"
                      "0 0 0\n0 0 1\n0 1 0\n0 1 1\n1 0 0\n1 0 1\n1 1 0\n1 1 1\n",
                      "LUT_3D_SIZE 2\nDOMAIN_MIN -0.1 0 0\nDOMAIN_MAX 1.2 2 4\n0 0 0\n0 0 1\n0 1 0\n0 1 1\n1 0 0\n1 0 "
                      "1\n1 1 0\n9 -1 1\n"};
  for (const char* text : texts) {
    const CubeTable t = parse_cube(text, "a.cube"), back = parse_cube(print_cube(t, "a \"title\"\n"), "b.cube");
    EXPECT_EQ(back.size, t.size);
    for (int i = 0; i < 1000; ++i) {
      const double r = i % 10 / 4.0 - 1, g = i / 10 % 10 / 4.0 - 1, b = i / 100 / 2.0 - 1;
      const Color want = apply(t, r, g, b);
      expect_color(apply(back, r, g, b), want.r, want.g, want.b, 1e-5);
    }
    if (HasFailure()) FAIL() << text << "\n" << print_cube(t, "");
  }
}

TEST(ThreeDlFile, ReadsBlueFastestAndInfersBits) {
  const std::string positions = "0 1023\n";
  for (const int top : {1023, 4095, 65535}) {
    std::string text = positions;
    for (int i = 0; i < 8; ++i) text += fmt::format("{} {} {}\n", i & 4 ? top : 0, i & 2 ? top : 0, i & 1 ? top : 0);
    expect_color(apply(parse_3dl(text, "a.3dl"), 0.2, 0.5, 0.9), 0.2, 0.5, 0.9);
  }
}

TEST(ThreeDlFile, BelievesTheMeshLine) {
  std::string text = "3DMESH\nMesh 1 12\n0 512 1023\n";
  for (int i = 0; i < 27; ++i) text += "1000 500 0\n";
  expect_color(apply(parse_3dl(text + "LUT8\ngamma 1.0\n", "a.3dl"), 0.4, 0.4, 0.4), 1000 / 4095.0, 500 / 4095.0, 0);
}

TEST(ThreeDlFile, MakesACurveOfUnevenPositions) {
  std::string text = "0 100 1000\n";
  for (int i = 0; i < 27; ++i) text += fmt::format("{} {} {}\n", i / 9 * 2000, i / 3 % 3 * 2000, i % 3 * 2000);
  const CubeTable t = parse_3dl(text, "a.3dl");
  ASSERT_TRUE(t.has_shaper());
  const double mid = 2000 / 4095.0;
  expect_color(apply(t, 0.1, 0.05, 0.55), mid, 0.5 * mid, 1.5 * mid);
  expect_color(apply(t, 0, 1, 0.1), 0, 2 * mid, mid);
}

TEST(ThreeDlFile, SaysWhatIsWrongAndWhere) {
  std::string eight;
  for (int i = 0; i < 8; ++i) eight += "1 2 3\n";
  auto of = [](const std::string& text) { return refusal(text, parse_3dl); };
  EXPECT_THAT(of(""), HasSubstr("no line of input positions"));
  EXPECT_THAT(of("0 1023\n1 2 3\n"), AllOf(HasSubstr("found 1 rows"), HasSubstr("expected 8")));
  EXPECT_THAT(of("0 1023\n" + eight + "1 2 3\n"), AllOf(HasSubstr("a.cube:10"), HasSubstr("more than the 8 rows")));
  EXPECT_THAT(of("0 1023\n1 2\n" + eight), HasSubstr("found 2 values; expected 3"));
  EXPECT_THAT(of("0 1023\n1 2 3,5\n"), AllOf(HasSubstr("a.cube:2"), HasSubstr("'3,5'")));
  EXPECT_THAT(of("0 1023\n1 2 -3\n"), HasSubstr("0 to 65535"));
  EXPECT_THAT(of("0 512 512 1023\n"), HasSubstr("do not rise"));
  EXPECT_THAT(of("7\n"), HasSubstr("found 1 input positions"));
  EXPECT_THAT(of("Mesh 4 12\n0 1023\n" + eight), AllOf(HasSubstr("found 2 input positions"), HasSubstr("expected 17")));
  EXPECT_THAT(of("Mesh 40 12\n"), HasSubstr("expected Mesh"));
  EXPECT_THAT(of("Mesh a b\n"), HasSubstr("expected Mesh"));
}

TEST(ThreeDlFile, ReadsBackWhatItPrintsHoweverDark) {
  for (const double gain : {1.0, 0.45, 0.1}) {
    CubeTable t = identity_cube(17);
    for (float& v : t.nodes) v *= static_cast<float>(gain);
    const CubeTable back = parse_3dl(print_3dl(t), "a.3dl");
    ASSERT_EQ(back.size, 17);
    for (std::size_t i = 0; i < t.nodes.size(); ++i) ASSERT_NEAR(back.nodes[i], t.nodes[i], 0.501 / 4095) << gain;
  }
}

TEST_F(LutFiles, AreKnownByTheirContent) {
  const CubeTable t = identity_cube(4);
  EXPECT_EQ(load_lut(put("a.txt", print_cube(t, "t")))->size, 4);
  EXPECT_EQ(load_lut(put("b.cube.txt", print_3dl(t)))->size, 4);
  EXPECT_EQ(load_lut(put("c.3dl", print_cube(t, "t")))->size, 4);
  write_hald(t, at("d.png"));
  fs::copy(at("d.png"), at("e.cube"));
  const auto hald = load_lut(at("e.cube"));
  ASSERT_EQ(hald->size, 4);
  for (std::size_t i = 0; i < t.nodes.size(); ++i) ASSERT_NEAR(hald->nodes[i], t.nodes[i], 1.0 / 65535);
}

TEST_F(LutFiles, AreRefusedAsLooks) {
  auto expect_refused = [](const std::string& path) {
    const std::string what = refusal(Code::look, [&] { load_lut(path); });
    EXPECT_THAT(what, StartsWith(path));
    EXPECT_EQ(what.find(path, path.size()), std::string::npos) << what;  // named once
  };
  expect_refused(at("missing.cube"));
  expect_refused(folder);
  expect_refused(put("empty.cube", ""));
  expect_refused(put("zeros.png", std::string(100, '\0')));
  expect_refused(put("page.cube", "<!DOCTYPE html><html></html>"));
  write_hald(identity_cube(16), at("a.png"));
  const std::string png = read_file(at("a.png"), 1 << 24);
  expect_refused(put("cut.png", png.substr(0, png.size() * 2 / 3)));
}

TEST_F(LutFiles, KeepOnlyWhatTheirFormatHolds) {
  const CubeTable curves = parse_cube("LUT_1D_SIZE 2\n0 0 0\n1 1 1\n", "a.cube");
  EXPECT_THROW(print_3dl(curves), Error);
  EXPECT_THROW(write_hald(curves, at("a.png")), Error);
  EXPECT_THROW(write_hald(identity_cube(33), at("a.png")), Error);
  EXPECT_FALSE(fs::exists(at("a.png")));
}

TEST_F(LutFiles, OfTenMillionLinesAreRefused) {
  std::string text = "LUT_3D_SIZE 33\n";
  while (text.size() < 80'000'000) text += "0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n";
  EXPECT_THAT(refusal(text), HasSubstr("more than the 35937 rows"));
}

}  // namespace
}  // namespace sfumato
