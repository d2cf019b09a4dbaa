// SPDX-License-Identifier: Apache-2.0
// sfumato evaluate as a user meets it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <lcms2.h>

#include <nlohmann/json.hpp>

#include "program.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

class Evaluate : public ProgramTest {
 protected:
  void folders(std::initializer_list<const char*> names) const {
    for (const char* name : names) fs::create_directory(folder / name);
  }
  // One photo under several names.
  void photos(std::initializer_list<const char*> names) {
    photo("made.png");
    for (const char* name : names) fs::copy(folder / "made.png", folder / name);
  }
  // The objects that --json prints; the last is the summary.
  static std::vector<json> objects(const std::string& out) {
    std::vector<json> all;
    std::istringstream in(out);
    for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
    return all;
  }
  void prophoto(const std::string& from, const std::string& to) const {
    const cmsCIExyY d50{0.3457, 0.3585, 1.0};
    const cmsCIExyYTRIPLE primaries{{0.7347, 0.2653, 1}, {0.1596, 0.8404, 1}, {0.0366, 0.0001, 1}};
    cmsToneCurve* curve = cmsBuildGamma(nullptr, 1.8);
    cmsToneCurve* curves[3]{curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&d50, &primaries, curves);
    ASSERT_TRUE(cmsSaveProfileToFile(profile, (folder / "prophoto.icc").c_str()));
    cmsCloseProfile(profile);
    cmsFreeToneCurve(curve);
    const Result r = shell("vips linear " + from +
                           " .w.v 257 0 && vips cast .w.v .s.v ushort && vips copy .s.v .r.v --interpretation rgb16 && "
                           "vips tiffsave .r.v " +
                           to + " --profile prophoto.icc; rm -f .*.v");
    ASSERT_TRUE(fs::exists(folder / to)) << r.err;
  }
};

TEST_F(Evaluate, FindsEqualFoldersEqual) {
  folders({"a", "b"});
  photos({"a/1.png", "b/1.png", "a/2.png", "b/2.png"});
  for (const char* protocol : {"plain", "fivek"}) {
    const Result r = sfumato(std::string("evaluate a b --json --protocol ") + protocol);
    EXPECT_EQ(0, r.code) << r.err;
    const auto all = objects(r.out);
    ASSERT_EQ(3u, all.size());
    for (const json& j : {all[0], all[1], all[2]["mean"]}) {
      EXPECT_TRUE(j["psnr_db"].is_null());
      EXPECT_EQ(true, j["equal"]);
      EXPECT_EQ(1.0, j["ssim"]);
      EXPECT_EQ(0.0, j["delta_e_76"]);
      EXPECT_EQ(0.0, j["delta_e_2000"]);
      EXPECT_EQ(0.0, j["cdf_distance"]);
    }
  }
  EXPECT_THAT(sfumato("evaluate a b").out, HasSubstr("mean of 2        equal    1.0000     0.000     0.000    0.0000"));
}

TEST_F(Evaluate, FindsTheLookThatMadeThePictures) {
  folders({"before", "after"});
  photo("before/p.png");
  ASSERT_EQ(0, sfumato("render before/p.png --look velvia --dither off --bits 16 -o after/p.png").code);
  const auto right = objects(sfumato("evaluate before after --look velvia --json").out),
             wrong = objects(sfumato("evaluate before after --look noir --json").out);
  EXPECT_LT(right[0]["ratio"], 0.01);
  EXPECT_GT(wrong[0]["ratio"], 1.0);
  EXPECT_EQ(right[0]["input"], wrong[0]["input"]);
  EXPECT_EQ(1, wrong[1]["worse_than_input"]);
  // The same through files.
  ASSERT_EQ(0, sfumato("render before/p.png --look noir --dither off --bits 16 -o noir.png").code);
  const auto file = objects(sfumato("evaluate noir.png after/p.png --input before/p.png --json").out);
  EXPECT_NEAR(wrong[0]["delta_e_2000"], file[0]["delta_e_2000"], 1e-3);
  EXPECT_NEAR(wrong[0]["ratio"], file[0]["ratio"], 1e-4);
}

TEST_F(Evaluate, PairsFilesByNameOnly) {
  folders({"out", "target", "input"});
  photo("out/x.png", 16, 16);
  for (const char* name : {"out/x_velvia.jpg", "out/y_velvia.jpg", "out/z.png", "out/w.png", "target/x.jpg",
                           "target/x_velvia.png", "target/y.tif", "target/z.png", "target/z.jpg", "target/v.png",
                           "input/x.png", "input/x_velvia.png", "input/y-raw.png", "input/z.png"})
    fs::copy(folder / "out/x.png", folder / name);
  const Result r = sfumato("evaluate out target --input input --dry-run");
  EXPECT_EQ(3, r.code);
  EXPECT_EQ(
      "out/w.png  (has no picture of its name in target)\n"
      "out/x.png : target/x.jpg : input/x.png\n"
      "out/x_velvia.jpg : target/x_velvia.png : input/x_velvia.png\n"
      "out/y_velvia.jpg : target/y.tif : input/y-raw.png\n"
      "out/z.png : target/z.png : input/z.png\n"
      "target/v.png  (has no picture of its name in out)\n"
      "target/z.jpg  (has no picture of its name in out)\n",
      r.out);
}

TEST_F(Evaluate, RefusesAChoiceBetweenTwoPartners) {
  folders({"a", "b"});
  photo("a/x.png", 16, 16);
  for (const char* name : {"b/x_1.png", "b/x_2.png"}) fs::copy(folder / "a/x.png", folder / name);
  EXPECT_THAT(sfumato("evaluate a b").err, HasSubstr("found x_1.png and x_2.png for it in b; expected one"));
}

TEST_F(Evaluate, GoesOnAfterPairsThatCannotBeCompared) {
  folders({"a", "b"});
  photos({"a/1.png", "b/1.png", "a/2.png", "a/3.png"});
  photo("b/2.png", 301, 200);
  spill(folder / "b/3.png", "no picture");
  const Result r = sfumato("evaluate a b --json --report r.html");
  EXPECT_EQ(3, r.code);
  EXPECT_THAT(r.err, HasSubstr("a/2.png: found 300 x 200 pixels, and 301 x 200 in b/2.png; expected one size"));
  EXPECT_EQ(1, objects(r.out).back()["done"]);
  EXPECT_EQ(2, objects(r.out).back()["refused"]);
  EXPECT_THAT(slurp(folder / "r.html"), HasSubstr("2 of 3 pairs could not be compared"));
  EXPECT_EQ(4, sfumato("evaluate a/2.png b/2.png --report none.html").code);
  EXPECT_FALSE(fs::exists(folder / "none.html"));
}

TEST_F(Evaluate, TellsUsageErrorsFromRefusedFiles) {
  folders({"a", "empty"});
  photo("a/1.png");
  EXPECT_EQ(2, sfumato("evaluate a").code);
  EXPECT_EQ(2, sfumato("evaluate a a/1.png").code);
  EXPECT_EQ(2, sfumato("evaluate a a --protocol best").code);
  EXPECT_EQ(2, sfumato("evaluate a a --look velvia --input a").code);
  EXPECT_EQ(7, sfumato("evaluate a a --look velvai").code);
  EXPECT_EQ(4, sfumato("evaluate a none").code);
  EXPECT_EQ(4, sfumato("evaluate a empty").code);
  EXPECT_EQ(5, sfumato("evaluate a a --report no/such/r.html").code);
}

TEST_F(Evaluate, MeasuresUniformOnProPhotoOnly) {
  photo("a.png");
  EXPECT_THAT(sfumato("evaluate a.png a.png --protocol uniform").err,
              HasSubstr("found 8-bit pixels of sRGB; the uniform protocol expects 16 bits and a ProPhoto profile"));
  prophoto("a.png", "a.tif");
  ASSERT_EQ(0, shell("vips invert a.png inverted.png").code);
  prophoto("inverted.png", "b.tif");
  const Result r = sfumato("evaluate a.tif b.tif --protocol uniform --json");
  ASSERT_EQ(0, r.code) << r.err;
  // The two chains differ by their matrices' digits, and in colors outside sRGB not at all.
  const json j = objects(r.out)[0];
  EXPECT_NE(j["l2_lab"], j["delta_e_76"]);
  EXPECT_NEAR(j["l2_lab"], j["delta_e_76"], 0.5);
  EXPECT_GT(j["l2_lab"], 20.0);
  // Beside the paper's table: 6.98 / 19.71.
  const std::string table = sfumato("evaluate b.tif b.tif --input a.tif --protocol uniform --title Mine").out;
  EXPECT_THAT(table, HasSubstr("Zhu2017 Local Xpro          19.71     6.98     0.35"));
  EXPECT_THAT(table,
              HasSubstr(fmt::format("Mine                     {:8.2f}     0.00     0.00", j["l2_lab"].get<double>())));
}

TEST_F(Evaluate, CountsPeopleAndGroupsAsPpr10kDoes) {
  folders({"a", "b", "masks"});
  for (const auto& [name, value] : {std::pair{"0_0", 100}, {"0_1", 120}, {"1_0", 100}}) {
    const std::string n = name;
    ASSERT_EQ(0, shell("vips black t.v 40 20 --bands 3 && vips linear t.v u.v '0 0 0' '" + std::to_string(value) +
                       " 90 60' && vips cast u.v a/" + n +
                       ".png uchar && vips linear t.v u.v '0 0 0' '110 90 60' && vips cast u.v b/" + n +
                       ".png uchar && vips black m.v 20 20 && vips invert m.v w.v && vips join m.v w.v j.v horizontal "
                       "&& vips copy j.v masks/" +
                       n + ".png")
                     .code);
  }
  const Result r = sfumato("evaluate a b --masks masks --protocol ppr10k --json");
  ASSERT_EQ(0, r.code) << r.err;
  const auto all = objects(r.out);
  // The error is the same everywhere, and half the pixels count half: squares fall to 0.625, distances to 0.75.
  EXPECT_NEAR(double(all[0]["psnr_db"]) - 10.0 * std::log10(0.625), all[0]["human_centered"]["psnr_db"], 1e-9);
  EXPECT_NEAR(0.75 * double(all[0]["delta_e_76"]), all[0]["human_centered"]["delta_e_76"], 1e-6);
  // By numpy: (a, b) of the two pictures of group 0 are (-0.864, 18.822) and (8.266, 22.052); group 1 has one picture.
  EXPECT_NEAR(11.723, all[3]["group_consistency"], 5e-3);
  EXPECT_EQ(2, sfumato("evaluate a b --protocol ppr10k").code);
  EXPECT_EQ(2, sfumato("evaluate a b --masks masks").code);
}

TEST_F(Evaluate, ReportNamesTheCommandAndEscapesNames) {
  folders({"a<b>", "b"});
  photo("b/it's.png");
  fs::copy(folder / "b/it's.png", folder / "a<b>/it's.png");
  ASSERT_EQ(0, sfumato("evaluate 'a<b>' b --report r.html").code);
  const std::string text = slurp(folder / "r.html");
  EXPECT_THAT(text, HasSubstr("sfumato evaluate &#39;a&lt;b&gt;&#39; b --report r.html"));
  EXPECT_THAT(text, HasSubstr("<h3>it&#39;s.png</h3>"));
  EXPECT_EQ(std::string::npos, text.find("http"));
}

TEST_F(Evaluate, FindsThePublishedErrorOfAnEnhancementNetwork) {
  const fs::path data = real_data("pairs/fivek_curl");
  if (data.empty()) GTEST_SKIP() << no_real_data;
  const std::string pairs = data.string() + "/";
  if (!fs::exists(pairs)) GTEST_SKIP() << "no " << pairs;
  const Result r = sfumato("evaluate " + quoted(pairs + "curl_output") + " " + quoted(pairs + "expertC") + " --input " +
                           quoted(pairs + "input") + " --protocol fivek --json --report r.html");
  ASSERT_EQ(0, r.code) << r.err;
  const auto all = objects(r.out);
  ASSERT_EQ(9u, all.size());
  // The names say what the authors measured before the files became JPEG.
  for (int i = 0; i < 8; ++i) {
    const std::string name = all[i]["name"];
    EXPECT_NEAR(std::stod(name.substr(name.find("PSNR_") + 5)), all[i]["psnr_db"], 4.0) << name;
  }
  EXPECT_LT(all[8]["ratio"], 0.5);
}

}  // namespace
}  // namespace sfumato
