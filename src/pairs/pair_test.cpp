// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fstream>

#include "pairs/align.h"
#include "pairs/match.h"
#include "pairs/pair_fixture.h"
#include "pairs/structure.h"

namespace sfumato {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> matched(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  std::vector<std::string> out;
  for (const FileMatch& m : match_names(before, after).matched) out.push_back(m.before + " " + m.after);
  return out;
}

TEST(Names, PassOverWhatEditorsAdd) {
  EXPECT_THAT(matched({"IMG_1.CR2", "IMG_2.jpg"}, {"img_2_edited.JPG", "IMG_1-copy.tif"}),
              testing::UnorderedElementsAre("IMG_1.CR2 IMG_1-copy.tif", "IMG_2.jpg img_2_edited.JPG"));
  EXPECT_THAT(matched({"_DSC0001.NEF"}, {"DSC0001-2.jpg"}), testing::ElementsAre("_DSC0001.NEF DSC0001-2.jpg"));
  EXPECT_THAT(matched({"a_input.png", "b input.png", "c 2.png"}, {"a.png", "b.png", "c.png"}),
              testing::UnorderedElementsAre("a_input.png a.png", "b input.png b.png", "c 2.png c.png"));
  EXPECT_THAT(matched({"a.jpg", "b.jpg"}, {"a_classic-chrome.jpg", "b_classic-chrome.jpg"}),
              testing::UnorderedElementsAre("a.jpg a_classic-chrome.jpg", "b.jpg b_classic-chrome.jpg"));
  EXPECT_THAT(matched({"x/shot-1.jpg", "x/shot-2.jpg"}, {"y/shot-2 copy.jpg", "y/shot-1 (edited).jpg"}),
              testing::UnorderedElementsAre("x/shot-1.jpg y/shot-1 (edited).jpg", "x/shot-2.jpg y/shot-2 copy.jpg"));
}

TEST(Names, CountFoldersWhereFilesOfSeveralAreNamedAlike) {
  EXPECT_THAT(matched({"b/x/1.jpg", "b/y/1.jpg"}, {"c/y/1.png", "c/x/1.png"}),
              testing::UnorderedElementsAre("b/x/1.jpg c/x/1.png", "b/y/1.jpg c/y/1.png"));
  EXPECT_THAT(matched({"b/x/1.jpg", "b/y/2.jpg"}, {"c/1.png", "c/2.png"}),
              testing::UnorderedElementsAre("b/x/1.jpg c/1.png", "b/y/2.jpg c/2.png"));
}

TEST(Names, LeaveWhatFitsSeveralWays) {
  EXPECT_TRUE(matched({"shot-1.jpg", "shot-2.jpg"}, {"shot-7.jpg", "shot-8.jpg"}).empty());
  EXPECT_TRUE(matched({"sunset.jpg"}, {"harbor.jpg"}).empty());
}

TEST(Names, UseOneAfterOnce) {
  const NameMatches m = match_names({"a.jpg", "a.cr2"}, {"a.jpg"});
  ASSERT_EQ(1u, m.matched.size());
  EXPECT_EQ("a.cr2", m.matched[0].before) << "the RAW is the better original";
  ASSERT_EQ(1u, m.refused.size());
  EXPECT_THAT(m.refused[0].reason, AllOf(HasSubstr("a.jpg"), HasSubstr("one after file for two before files")));
}

TEST_F(PairTest, KeepsEqualFramesBitForBit) {
  put("before/a.png", picture_of(1));
  put("after/a_edited.png", picture_of(1, {.edit = strong_edit}));
  const PairSet set = read();
  ASSERT_EQ(1u, set.pairs.size());
  const Picture expected = picture_of(1, {.edit = strong_edit});
  for (std::size_t i = 0; i < expected.sample_count(); ++i)
    ASSERT_NEAR(expected.samples<std::uint8_t>()[i] / 255.0f, set.pairs[0].after.samples<float>()[i], 1e-6f);
  EXPECT_GT(set.pairs[0].usable_share, 0.9);
}

TEST_F(PairTest, MatchesByContentAmongDecoys) {
  for (int i = 0; i < 4; ++i) put("before/photo" + std::string(1, static_cast<char>('p' + i)) + ".png", picture_of(i));
  for (int i = 0; i < 5; ++i)
    put("after/result" + std::string(1, static_cast<char>('e' - i)) + ".png", picture_of(i + 1, {.edit = strong_edit}));
  const PairSet set = read();
  ASSERT_EQ(3u, set.pairs.size());
  EXPECT_THAT(set.pairs[0].before_path + set.pairs[0].after_path, AllOf(HasSubstr("photoq"), HasSubstr("resulte")));
  EXPECT_THAT(set.pairs[2].before_path + set.pairs[2].after_path, AllOf(HasSubstr("photos"), HasSubstr("resultc")));
  EXPECT_THAT(notes_of(set.pairs[0]), HasSubstr("matched by content"));
  EXPECT_THAT(reason_of(set, "photop"), HasSubstr("neither by name nor by content"));
  EXPECT_EQ(3u, set.refused.size());
}

TEST(Align, FindsEveryTurnAndMirror) {
  const Picture before = as_float(picture_of(3)), edited = as_float(picture_of(3, {.edit = strong_edit}));
  for (int turn = 0; turn < 8; ++turn) {
    const Alignment a = align(before, turned(edited, turn));
    EXPECT_EQ(inverse_turn(turn), a.turn) << turn;
    EXPECT_EQ(edited.bytes(), turned(turned(edited, turn), a.turn).bytes()) << turn;
    EXPECT_TRUE(a.is_whole) << turn;
  }
}

double mean_difference(const Pair& p) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < p.usable.size(); ++i)
    for (int c = 0; p.usable[i] && c < 3; ++c, ++count)
      sum += std::abs(p.before.samples<float>()[3 * i + c] - p.after.samples<float>()[3 * i + c]);
  return sum / count;
}

// What is learned from is a fraction of the photo's size, and whole numbers of its pixels fall on others of the crop's.
TEST_F(PairTest, AlignsACropOfALargePhotoExactly) {
  constexpr double fine = 1.0 / 3;
  put("b.png", picture_of(7, {.width = 900, .height = 599, .zoom = fine}));
  for (const auto& [x, y, width, height] : {std::array{61, 34, 703, 470}, {0, 0, 900, 511}, {150, 0, 599, 599}}) {
    put("a.png", picture_of(7, {.width = width, .height = height, .x = x * fine, .y = y * fine, .zoom = fine}));
    const PairSet set = read_pairs(folder + "/b.png", folder + "/a.png");
    ASSERT_EQ(1u, set.pairs.size());
    EXPECT_LT(mean_difference(set.pairs[0]), 1e-5) << width << " x " << height;
  }
}

TEST_F(PairTest, UndoesTheHalfPixelThatSomeProgramsShiftWhenTheyResize) {
  constexpr double zoom = 1 / 1.7;
  put("b.png", picture_of(8));
  for (const double shift : {0.0, 0.5}) {
    put("a.png", picture_of(8, {.width = 510, .height = 340, .x = -shift * zoom, .y = -shift * zoom, .zoom = zoom}));
    const PairSet set = read_pairs(folder + "/b.png", folder + "/a.png");
    ASSERT_EQ(1u, set.pairs.size());
    EXPECT_LT(mean_difference(set.pairs[0]), 1.5e-3) << shift;
  }
}

TEST_F(PairTest, RecoversCropShiftAndResizeUnderAStrongEdit) {
  struct Case {
    const char* name;
    SceneTake take;
  };
  const Case cases[]{
      {"crop of 7 %", {.width = 279, .height = 186, .x = 12.0, .y = 8.0, .edit = strong_edit}},
      {"shift of 3.4 pixels", {.x = 3.4, .y = -1.3, .edit = strong_edit}},
      {"crop to half the pixels", {.width = 140, .height = 93, .x = 9.0, .y = 11.0, .zoom = 2.0, .edit = strong_edit}},
      {"straightened by 1.5 degrees",
       {.width = 260, .height = 170, .x = 22.0, .y = 8.0, .turn = 0.026, .edit = strong_edit}},
  };
  for (const Case& c : cases) {
    const std::string name = c.name;
    put("b.png", picture_of(5));
    put("a.png", picture_of(5, c.take));
    const PairSet set = read_pairs(folder + "/b.png", folder + "/a.png");
    ASSERT_EQ(1u, set.pairs.size()) << name;
    const PhotoInfo bi = read_photo_info(folder + "/b.png"), ai = read_photo_info(folder + "/a.png");
    const Alignment a = align(read_photo(bi, {bi.width, bi.height}), read_photo(ai, {ai.width, ai.height}));
    for (const double x : {60.0, 150.0, 240.0})
      for (const double y : {50.0, 150.0}) {
        // The scene point of a pixel of `before` is the pixel itself; where `after` shows it is exact.
        const double dx = (x - c.take.x) / c.take.zoom, dy = (y - c.take.y) / c.take.zoom;
        const double u = std::cos(c.take.turn) * dx + std::sin(c.take.turn) * dy,
                     v = -std::sin(c.take.turn) * dx + std::cos(c.take.turn) * dy;
        EXPECT_LT(std::hypot(a.to_after.x(x, y) - u, a.to_after.y(x, y) - v) * c.take.zoom, 0.3)
            << name << " at " << x << ", " << y;
      }
    // What comes out is pixel upon pixel: the edit of the one is the other.
    const Pair& p = set.pairs[0];
    double error = 0, count = 0;
    for (std::size_t i = 0; i < p.usable.size(); ++i)
      if (p.usable[i]) {
        const float *f = p.before.samples<float>() + 3 * i, *g = p.after.samples<float>() + 3 * i;
        const SceneColor e = strong_edit({f[0], f[1], f[2]});
        error += std::abs(e.r - g[0]) + std::abs(e.g - g[1]) + std::abs(e.b - g[2]);
        count += 3;
      }
    EXPECT_LT(error / count, 0.015) << name << "\n" << notes_of(p);
  }
}

TEST_F(PairTest, MasksRetouchedPatchAndClippedPixels) {
  put("before/a.png", picture_of(1));
  Picture after = picture_of(1, {.edit = strong_edit});
  const Picture other = picture_of(9, {.edit = strong_edit});
  auto is_patch = [](int x, int y) { return x >= 60 && x < 110 && y >= 70 && y < 120; };
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 300; ++x)
      for (int c = 0; c < 3; ++c) {
        const int i = 3 * (y * 300 + x) + c;
        if (is_patch(x, y)) after.samples<std::uint8_t>()[i] = other.samples<std::uint8_t>()[i];
        if (x >= 280) after.samples<std::uint8_t>()[i] = 255;
      }
  put("after/a.png", after);
  const PairSet set = read();
  ASSERT_EQ(1u, set.pairs.size());
  int masked_inside = 0, masked_outside = 0;
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 280; ++x)
      (is_patch(x, y) ? masked_inside : masked_outside) += set.pairs[0].usable[y * 300 + x] == 0;
  EXPECT_GT(masked_inside, 0.6 * 50 * 50);
  EXPECT_LT(masked_outside, 0.03 * 280 * 200);
  for (int y = 0; y < 200; ++y) EXPECT_EQ(0, set.pairs[0].usable[y * 300 + 290]);
  EXPECT_THAT(notes_of(set.pairs[0]), AllOf(HasSubstr("retouched"), HasSubstr("clipped"), HasSubstr("usable: ")));
}

// What was clipped tells how far the look goes at least; what was replaced by white tells nothing.
TEST_F(PairTest, KeepsPixelsThatTheLookClips) {
  put("before/a.png", picture_of(1));
  const auto brighter = [](const SceneColor& c) { return SceneColor{1.5 * c.r, 1.4 * c.g, 1.3 * c.b}; };
  Picture after = picture_of(1, {.edit = brighter, .most = 1});
  const Picture before = picture_of(1);
  std::vector<bool> replaced(300 * 200);
  for (int i = 0; i < 300 * 200; ++i) {
    const std::uint8_t* from = before.samples<std::uint8_t>() + 3 * i;
    replaced[i] = i % 300 >= 280 && *std::max_element(from, from + 3) < 128;
    for (int c = 0; c < 3 && replaced[i]; ++c) after.samples<std::uint8_t>()[3 * i + c] = 255;
  }
  put("after/a.png", after);
  const PairSet set = read();
  ASSERT_EQ(1u, set.pairs.size());
  int clipped = 0, kept = 0;
  for (int i = 0; i < 300 * 200; ++i) {
    const std::uint8_t* to = after.samples<std::uint8_t>() + 3 * i;
    if (replaced[i]) {
      EXPECT_FALSE(set.pairs[0].is_usable(i)) << i;
    } else if (*std::max_element(to, to + 3) == 255) {
      EXPECT_FALSE(set.pairs[0].is_whole(i)) << i;
      ++clipped, kept += set.pairs[0].is_usable(i);
    }
  }
  EXPECT_GT(clipped, 0.1 * 300 * 200);
  EXPECT_GT(kept, 0.95 * clipped);
}

TEST_F(PairTest, RefusesWithAReason) {
  put("before/good.png", picture_of(1));
  put("after/good.png", picture_of(1, {.edit = strong_edit}));
  put("before/other.png", picture_of(2));
  put("after/other.png", picture_of(3, {.edit = strong_edit}));
  put("before/small.png", picture_of(4, {.width = 30, .height = 20}));
  put("after/small.png", picture_of(4));
  std::ofstream(before() + "/broken.png") << "no picture";
  put("after/broken.png", picture_of(6));
  put("before/cut.png", picture_of(7));
  std::ifstream in(before() + "/cut.png", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::ofstream(after() + "/cut.png", std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  put("before/alone.png", picture_of(8));
  put("before/good_too.png", picture_of(1));
  put("after/good_too.png", picture_of(1, {.edit = strong_edit}));
  std::filesystem::create_hard_link(before() + "/good.png", before() + "/twice.png");
  std::filesystem::create_hard_link(before() + "/good.png", after() + "/twice.png");
  const PairSet set = read();
  ASSERT_EQ(1u, set.pairs.size());
  EXPECT_THAT(reason_of(set, "other"), HasSubstr("different scenes"));
  EXPECT_THAT(reason_of(set, "small"), HasSubstr("30 x 20 pixels; expected at least"));
  EXPECT_THAT(reason_of(set, "broken"), HasSubstr("broken.png"));
  EXPECT_THAT(reason_of(set, "cut"), HasSubstr("cut.png"));
  EXPECT_THAT(reason_of(set, "alone"), HasSubstr("found no edit of it"));
  EXPECT_THAT(reason_of(set, "good_too"), HasSubstr("one pair counts once"));
  EXPECT_THAT(reason_of(set, "twice"), HasSubstr("same file is given as before and as after"));
}

TEST_F(PairTest, SaysWhatIsOddWithoutRefusing) {
  put("before/a_edited.png", picture_of(1, {.edit = strong_edit}));
  Picture deep(300, 200, Sample::u16);
  const Picture flat = picture_of(1);
  for (std::size_t i = 0; i < flat.sample_count(); ++i)
    deep.samples<std::uint16_t>()[i] = static_cast<std::uint16_t>(flat.samples<std::uint8_t>()[i] * 257);
  put("after/a.png", deep);
  put("before/same.png", picture_of(2));
  put("after/same.png", picture_of(2));
  const PairSet set = read();
  ASSERT_EQ(2u, set.pairs.size());
  EXPECT_THAT(notes_of(set.pairs[0]), HasSubstr("8-bit before, 16-bit after"));
  EXPECT_THAT(notes_of(set.pairs[1]), HasSubstr("an edit that changes nothing"));
  ASSERT_EQ(1u, set.warnings.size());
  EXPECT_THAT(set.warnings[0], HasSubstr("look swapped"));
}

TEST_F(PairTest, RefusesSetsThatCannotWork) {
  EXPECT_THAT(error_of_reading(), HasSubstr("no pictures in the folder"));
  put("before/a.png", picture_of(1));
  put("after/b.png", picture_of(2));
  EXPECT_THAT(error_of_reading(), AllOf(HasSubstr("no usable pair"), HasSubstr("different scenes")));
  EXPECT_THROW(read_pairs(before(), before()), Error);
  EXPECT_THROW(read_pairs(before(), folder + "/none"), Error);
  EXPECT_THROW(read_dataset(before()), Error);
}

TEST_F(PairTest, ReadsTheFiveKLayout) {
  std::filesystem::create_directory(folder + "/InputZeroed");
  std::filesystem::create_directory(folder + "/expertB");
  std::filesystem::remove(before());
  std::filesystem::remove(after());
  put("InputZeroed/a1.png", picture_of(1));
  put("expertB/a1.png", picture_of(1, {.edit = strong_edit}));
  PairOptions options;
  EXPECT_THROW(read_dataset(folder, options), Error);
  options.expert = 'B';
  EXPECT_EQ(1u, read_dataset(folder, options).pairs.size());
}

TEST(Pairs, ReadTheStoredFiveKPairs) {
  const char* data = std::getenv("SFUMATO_DATA");
  if (!data) GTEST_SKIP() << "SFUMATO_DATA does not name a folder of real photos";
  const PairSet set = read_dataset(std::string(data) + "/pairs/fivek_curl");
  EXPECT_EQ(8u, set.pairs.size());
  EXPECT_TRUE(set.refused.empty());
  EXPECT_TRUE(set.warnings.empty());
}

}  // namespace
}  // namespace sfumato
