// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <limits>

namespace sfumato {
namespace {

TEST(Text, ReadsFiniteNumbersOnly) {
  EXPECT_EQ(parse_float("0.5"), 0.5f);
  EXPECT_EQ(parse_float("+1e-3"), 1e-3f);
  EXPECT_EQ(parse_float("-.25"), -0.25f);
  EXPECT_EQ(parse_float("3."), 3.0f);
  EXPECT_EQ(parse_float("1e-60"), 0.0f);
  EXPECT_EQ(parse_float("1e-40"), 1e-40f);
  for (const char* bad : {"", " 1", "1 ", "1,5", "1.5.2", "nan", "NaN", "-inf", "Infinity", "1e999", "0x10", "+-1",
                          "++1", "1e", "abc", "1f"})
    EXPECT_FALSE(parse_float(bad)) << bad;
}

TEST(Text, ReadsWholeNumbersOnly) {
  EXPECT_EQ(parse_integer("-17"), -17);
  for (const char* bad : {"", "1.0", "1e3", "+-1", "99999999999999999999"}) EXPECT_FALSE(parse_integer(bad)) << bad;
}

TEST(Text, WritesTheShortestNumberThatReadsBack) {
  EXPECT_EQ(format_number(0.1f), "0.1");
  EXPECT_EQ(format_number(-2.0f), "-2");
  for (float v : {1.0f / 3.0f, 16777217.0f, 1e-40f, -0.0f, std::numeric_limits<float>::max()}) {
    const auto back = parse_float(format_number(v));
    ASSERT_TRUE(back) << format_number(v);
    EXPECT_EQ(*back, v);
    EXPECT_EQ(std::signbit(*back), std::signbit(v));
  }
}

TEST(Text, IgnoresTheLocale) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  if (!std::setlocale(LC_ALL, "de_DE.UTF-8") && !std::setlocale(LC_ALL, "fr_FR.UTF-8"))
    GTEST_SKIP() << "no locale with decimal commas here";
  EXPECT_EQ(parse_float("1.5"), 1.5f);
  EXPECT_FALSE(parse_float("1,5"));
  EXPECT_EQ(format_number(1.5f), "1.5");
  std::setlocale(LC_ALL, before.c_str());
}

TEST(Text, FindsTheNameThatWasMeant) {
  const std::vector<std::string> known{"vignette", "exposure", "grain"};
  EXPECT_EQ(nearest_name("vignete", known), "vignette");
  EXPECT_EQ(nearest_name("exposrue", known), "exposure");
  EXPECT_EQ(nearest_name("halation", known), "");
  EXPECT_EQ(nearest_name("grian", std::vector<std::string>{"grain"}), "grain");
  EXPECT_EQ(nearest_name("", known), "");
  EXPECT_EQ(nearest_name(std::string(30'000'000, 'x'), known), "");
}

TEST(Text, SplitsAndTrims) {
  const auto words = split_words(" a , b\t,,c", ',');
  ASSERT_EQ(words.size(), 4u);
  EXPECT_EQ(words[0], "a");
  EXPECT_EQ(words[1], "b");
  EXPECT_EQ(words[2], "");
  EXPECT_EQ(words[3], "c");
}

TEST(Text, ShowsControlBytes) { EXPECT_EQ(printable("a\x1b[0m\n\xc3\xa9"), "a\\x1b[0m\\x0a\xc3\xa9"); }

}  // namespace
}  // namespace sfumato
