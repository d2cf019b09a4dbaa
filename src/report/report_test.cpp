// SPDX-License-Identifier: Apache-2.0
#include "report/report.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "base/escape.h"
#include "program.h"
#include "report/chart.h"
#include "report/compare.h"
#include "report/error_map.h"

namespace sfumato {
namespace {

using testing::HasSubstr;
using testing::Not;

// A name that would break out of content, attributes and scripts.
const std::string hostile = "<script>alert('x')</script>\" onload=\"y & z";

Picture flat(std::uint8_t value, int width = 40, int height = 30) {
  Picture p(width, height, Sample::u8);
  for (std::size_t i = 0; i < p.sample_count(); ++i)
    p.samples<std::uint8_t>()[i] = static_cast<std::uint8_t>(value + i % 7);
  return p;
}

Scored scored(const Picture& p) { return {p.view(), p.view()}; }

Report full_report() {
  const Picture before = flat(60), ours = flat(100), target = flat(104);
  std::vector<Compared> all;
  for (const char* name : {"near", "far", "middle"}) {
    const Picture shifted = flat(static_cast<std::uint8_t>(104 + (name[0] == 'f' ? 60 : name[0] == 'm' ? 20 : 3)));
    all.push_back(compare({name + hostile, scored(before), scored(shifted), scored(target)}, Protocol::plain, 1, true));
  }
  Report r = report_of(all, hostile, Protocol::plain);
  r.tables.push_back({hostile, hostile, {hostile, hostile}, {{hostile, hostile}}, 0});
  r.charts.push_back({hostile, hostile, hostile, {{hostile, {0, 1, 2}, {0.5, std::nan(""), 0.1}}}, true});
  r.look_text = r.command = r.cases[0].note = hostile;
  return r;
}

TEST(Report, EscapesEveryText) {
  const std::string text = html(full_report());
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, Not(HasSubstr("onload=\"")));
  EXPECT_THAT(text, HasSubstr("near&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; onload=&quot;y &amp; z"));
}

TEST(Report, RefersToNothingOutsideItself) {
  const std::string text = html(full_report());
  for (const char* sign : {"http", "url(", "@import", "<link", "<iframe", "javascript:"})
    EXPECT_THAT(text, Not(HasSubstr(sign)));
  std::size_t pictures = 0;
  for (std::size_t i = 0; (i = text.find("src=\"", i)) != std::string::npos; ++i, ++pictures)
    EXPECT_EQ(0, text.compare(i, 32, "src=\"data:image/jpeg;base64,/9j/"));
  EXPECT_EQ(3u * 4u, pictures);
}

TEST(Report, ShowsTheWorstPhotoFirst) {
  Report r = full_report();
  std::string text = html(r);
  EXPECT_LT(text.find("<h3>far"), text.find("<h3>middle"));
  EXPECT_LT(text.find("<h3>middle"), text.find("<h3>near"));
  r.most_shown = 1;
  text = html(r);
  EXPECT_EQ(std::string::npos, text.find("<h3>middle"));
  EXPECT_LT(text.find("<td>far"), text.find("<td>middle"));
}

TEST(Report, ClosesEveryElementInOrder) {
  std::string folder = (std::filesystem::temp_directory_path() / "sfumato-report-XXXXXX").string();
  ASSERT_NE(nullptr, mkdtemp(folder.data()));
  spill(folder + "/report.html", html(full_report()));
  spill(folder + "/check.py", R"(
import html.parser, sys
class Check(html.parser.HTMLParser):
    open, seen = [], set()
    def handle_starttag(self, tag, attributes):
        assert len(dict(attributes)) == len(attributes), attributes
        if tag not in ("meta", "img"): self.open.append(tag)
        self.seen.add(tag)
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
    def handle_startendtag(self, tag, attributes):
        assert "svg" in self.open, tag
check = Check()
check.feed(open(sys.argv[1], encoding="utf-8").read())
assert not check.open and {"table", "svg", "img", "pre", "details"} <= check.seen
)");
  EXPECT_EQ(0,
            std::system(
                ("/usr/bin/python3 " + quoted(folder + "/check.py") + " " + quoted(folder + "/report.html")).c_str()));
  std::filesystem::remove_all(folder);
}

TEST(Report, SaysWhenAPhotoIsWorseThanItsInput) {
  const Picture before = flat(100), ours = flat(140), target = flat(104);
  const std::vector<Compared> all{compare({"a", scored(before), scored(ours), scored(target)}, Protocol::plain),
                                  compare({"b", scored(before), scored(target), scored(target)}, Protocol::plain)};
  EXPECT_GT(*all[0].ratio(), 1.0);
  EXPECT_EQ(0.0, *all[1].ratio());
  EXPECT_EQ(1, summarize(all).worse_than_input);
  EXPECT_THAT(report_of(all, "t", Protocol::plain).lead, HasSubstr("1 of 2 photos are worse"));
  // Mean error by mean input distance.
  EXPECT_NEAR(0.5 * *all[0].ratio(), *summarize(all).ratio, 1e-12);
}

TEST(Report, NeedsNoInputPictures) {
  const Picture ours = flat(140), target = flat(104);
  const std::vector<Compared> all{compare({"a", {}, scored(ours), scored(target)}, Protocol::fivek, 1, true)};
  EXPECT_FALSE(all[0].ratio());
  EXPECT_EQ(2u, all[0].shown.pictures.size());
  EXPECT_THAT(html(report_of(all, "t", Protocol::fivek)), Not(HasSubstr("Untouched")));
}

TEST(HtmlEscaped, ReplacesBytesThatAreNotText) {
  EXPECT_EQ(
      "\xef\xbf\xbd"
      "a\xef\xbf\xbd",
      markup_escaped("\xff"
                     "a\x01"));
  EXPECT_EQ("Z\xc3\xbcrich \xe2\x82\xac", markup_escaped("Z\xc3\xbcrich \xe2\x82\xac"));
  EXPECT_EQ("\xef\xbf\xbd\xef\xbf\xbd", markup_escaped("\xc0\xaf"));                  // a slash in two bytes
  EXPECT_EQ("\xef\xbf\xbd", markup_escaped("\xc3"));                                  // cut short
  EXPECT_EQ("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", markup_escaped("\xed\xa0\x80"));  // half a surrogate pair
}

TEST(Chart, LeavesOutWhatCannotBeDrawn) {
  const double inf = std::numeric_limits<double>::infinity();
  for (const bool is_log : {false, true}) {
    const std::string svg = chart_svg(
        {"t", "x", "y", {{"a", {0, 1, 2, 3}, {1, inf, 0, 2}}, {"empty", {}, {}}, {"short", {1, 2}, {3}}}, is_log});
    EXPECT_THAT(svg, Not(HasSubstr("inf")));
    EXPECT_THAT(svg, Not(HasSubstr("nan")));
  }
  EXPECT_THAT(chart_svg({"t", "x", "y", {{"one", {5}, {5}}}, false}), Not(HasSubstr("nan")));
  EXPECT_THAT(chart_svg({}), HasSubstr("<svg"));
}

TEST(Chart, PutsPointsWhereTheirValuesAre) {
  // A line from (0, 0) to (10, 1) spans the axes, from the origin up to the right.
  EXPECT_THAT(chart_svg({"t", "x", "y", {{"a", {0, 10}, {0, 1}}}, false}),
              HasSubstr("points=\"58.0,220.0 456.0,10.0\""));
}

TEST(ErrorColor, GrowsBrighterWithTheError) {
  double last = -1.0;
  for (const double e : {0.0, 0.5, 1.0, 3.0, 7.0, 15.0, 31.0}) {
    const auto c = error_color(e);
    const double luma = 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
    EXPECT_GT(luma, last);
    last = luma;
  }
  EXPECT_EQ(error_color(31.0), error_color(500.0));
}

}  // namespace
}  // namespace sfumato
