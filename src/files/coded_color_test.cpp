// SPDX-License-Identifier: Apache-2.0
#include "files/coded_color.h"

#include <gtest/gtest.h>

#include <span>

#include "files/profile.h"

namespace sfumato {
namespace {

Profile read(const CodedColor& color) {
  const std::string bytes = color.profile();
  return read_profile(std::as_bytes(std::span(bytes)));
}

void expect_matrix(const Profile& profile, const double (&expected)[9]) {
  ASSERT_EQ(profile.kind, ProfileKind::matrix);
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(profile.map->to_srgb[i], expected[i], 5e-4) << i;
}

TEST(CodedColor, HasTheMatricesThatArePublished) {
  // [CSS-Color-4] lin_P3_to_XYZ then XYZ_to_lin_sRGB.
  const Profile p3 = read({12, 13});
  expect_matrix(p3, {1.2249402, -0.2249402, 0, -0.0420570, 1.0420570, 0, -0.0196376, -0.0786360, 1.0982736});
  EXPECT_TRUE(p3.map->has_srgb_curve());
  // [ITU-R BT.2087] annex 2.
  const Profile wide = read({9, 8});
  expect_matrix(wide, {1.6605, -0.5876, -0.0728, -0.1246, 1.1329, -0.0083, -0.0182, -0.1006, 1.1187});
  EXPECT_TRUE(wide.map->is_linear);
}

TEST(CodedColor, OfSrgbNeedsNoProfile) {
  for (const int transfer : {1, 2, 6, 13, 14, 15}) {
    EXPECT_TRUE((CodedColor{1, transfer}.is_srgb()));
    EXPECT_EQ(ProfileKind::srgb, read({1, transfer}).kind);
  }
  EXPECT_FALSE((CodedColor{12, 13}.is_srgb()));
  EXPECT_FALSE((CodedColor{1, 8}.is_srgb()));
}

TEST(CodedColor, HasNoProfileWhereItIsBrighterThanWhiteOrUnknown) {
  for (const CodedColor& color : {CodedColor{9, 16}, CodedColor{9, 18}, CodedColor{200, 13}, CodedColor{12, 200}})
    EXPECT_EQ("", color.profile());
}

TEST(CodedColor, GivesTheSameBytesEachTime) {
  const std::string once = CodedColor{12, 13}.profile();
  EXPECT_EQ(once, (CodedColor{12, 13}.profile()));
  EXPECT_EQ(std::string("\x07\xd0\0\x01\0\x01", 6), once.substr(24, 6));  // year, month, day
}

}  // namespace
}  // namespace sfumato
