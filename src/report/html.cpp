// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/escape.h"
#include "report/chart.h"
#include "report/error_map.h"
#include "report/report.h"
#include "report/style.h"
#include "sfumato/version.h"

namespace sfumato {
namespace {

std::string tag(const char* name, const std::string& text) {
  return fmt::format("<{0}>{1}</{0}>", name, markup_escaped(text));
}

std::string section(const std::string& title, const std::string& note = {}) {
  return "\n" + tag("h2", title) + "\n" + (note.empty() ? "" : "<p class=\"quiet\">" + markup_escaped(note) + "</p>\n");
}

std::string tiles(const std::vector<ReportNumber>& numbers) {
  if (numbers.empty()) return {};
  std::string out = "<div class=\"tiles\">\n";
  for (const ReportNumber& n : numbers)
    out += "<div class=\"tile\">" + tag("span", n.name) + tag("b", n.value) +
           (n.note.empty() ? "" : tag("small", n.note)) + "</div>\n";
  return out + "</div>\n";
}

// Cells are HTML already.
std::string table_of(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows,
                     int marked = -1) {
  std::string out = "<div class=\"scroll\"><table>\n<thead><tr>";
  for (const std::string& c : columns) out += tag("th", c);
  out += "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out += static_cast<int>(i) == marked ? "<tr class=\"marked\">" : "<tr>";
    for (const std::string& cell : rows[i]) out += "<td>" + cell + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string tables(const Report& r) {
  std::string out;
  for (const ReportTable& t : r.tables) {
    auto rows = t.rows;
    for (auto& row : rows)
      for (std::string& cell : row) cell = markup_escaped(cell);
    out += section(t.title, t.note) + table_of(t.columns, rows, t.marked);
  }
  return out;
}

std::string charts(const Report& r) {
  if (r.charts.empty()) return {};
  std::string out = section("Learning") + "<div class=\"charts\">\n";
  for (const ReportChart& chart : r.charts) {
    out += "<figure>" + tag("figcaption", chart.title) + "\n" + chart_svg(chart) + "<div class=\"key\">";
    for (std::size_t i = 0; i < chart.series.size(); ++i)
      out += fmt::format("<span><i style=\"border-color:{}\"></i>{}</span>", series_color(i),
                         markup_escaped(chart.series[i].name));
    out += "</div></figure>\n";
  }
  return out + "</div>\n";
}

std::string legend() {
  std::string stops, ticks;
  constexpr int count = 8;
  for (int i = 0; i <= count; ++i) {
    const auto c = error_color(std::exp2(i * std::log2(1.0 + error_ticks.back()) / count) - 1.0);
    stops += fmt::format("{}#{:02x}{:02x}{:02x}", i ? "," : "", c[0], c[1], c[2]);
  }
  for (const int t : error_ticks) ticks += fmt::format("<span>{}{}</span>", t, t == error_ticks.back() ? "+" : "");
  return fmt::format(
      "<div class=\"legend\"><div class=\"bar\" style=\"background:linear-gradient(90deg,{})\"></div><div "
      "class=\"ticks\">{}</div>"
      "<span class=\"quiet\">Error maps: &Delta;E 2000 of each pixel; 1 is about the least difference one can "
      "see.</span></div>\n",
      stops, ticks);
}

std::string curves_of(const ReportCase& c) {
  if (c.curves.empty()) return {};
  constexpr const char* names[]{"Red", "Green", "Blue"};
  std::string out = "<div class=\"cdfs\">\n";
  for (int channel = 0; channel < 3; ++channel)
    out += "<figure>" + cdf_svg(c.curves, channel) + tag("figcaption", names[channel]) + "</figure>\n";
  out += "<div class=\"key\">";
  for (std::size_t i = 0; i < c.curves.size(); ++i) {
    const bool is_target = i + 1 == c.curves.size(), is_ours = i + 2 == c.curves.size();
    out += fmt::format("<span><i class=\"{}\"></i>{}</span>",
                       is_target ? "target"
                       : is_ours ? "ours"
                                 : "other",
                       markup_escaped(c.curves[i].name));
  }
  return out + "</div>\n</div>\n";
}

std::string case_of(const ReportCase& c) {
  std::string out = "<article class=\"case\">\n<header>" + tag("h3", c.name);
  for (const ReportNumber& n : c.numbers)
    out += "<span>" + tag("em", n.name) + " " + markup_escaped(n.value) + "</span>";
  out += "</header>\n" + (c.note.empty() ? "" : "<p class=\"quiet\">" + markup_escaped(c.note) + "</p>\n") +
         fmt::format("<div class=\"pictures\" style=\"--across:{}\">\n", c.pictures.size() + !c.error_map.empty());
  auto figure = [&](const std::string& uri, const std::string& caption) {
    out += fmt::format("<figure><img src=\"{}\" alt=\"{}\" loading=\"lazy\"><figcaption>{}</figcaption></figure>\n",
                       markup_escaped(uri), markup_escaped(caption + ": " + c.name), markup_escaped(caption));
  };
  for (const ReportPicture& p : c.pictures) figure(p.uri, p.caption);
  if (!c.error_map.empty()) figure(c.error_map, "Error");
  return out + "</div>\n" + curves_of(c) + "</article>\n";
}

// One row each; a number that a case lacks stays empty.
std::string all_cases(const std::vector<const ReportCase*>& sorted) {
  std::vector<std::string> columns{"photo"};
  for (const ReportCase* c : sorted)
    for (const ReportNumber& n : c->numbers)
      if (std::find(columns.begin(), columns.end(), n.name) == columns.end()) columns.push_back(n.name);
  std::vector<std::vector<std::string>> rows;
  for (const ReportCase* c : sorted) {
    rows.emplace_back(columns.size());
    rows.back()[0] = markup_escaped(c->name);
    for (const ReportNumber& n : c->numbers)
      rows.back()[std::find(columns.begin() + 1, columns.end(), n.name) - columns.begin()] = markup_escaped(n.value);
  }
  return table_of(columns, rows);
}

std::string cases(const Report& r) {
  if (r.cases.empty()) return {};
  std::vector<const ReportCase*> sorted;
  for (const ReportCase& c : r.cases) sorted.push_back(&c);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const ReportCase* a, const ReportCase* b) { return a->error > b->error; });
  const std::size_t shown = std::min(r.most_shown, sorted.size());
  std::string out = section("Photos, worst first",
                            shown < sorted.size()
                                ? fmt::format("The {} worst of {}; all are in the table below.", shown, sorted.size())
                                : "") +
                    legend();
  for (std::size_t i = 0; i < shown; ++i) out += case_of(*sorted[i]);

  return out +
         fmt::format("<details{}><summary>All {} photos</summary>\n", shown < sorted.size() ? " open" : "",
                     sorted.size()) +
         all_cases(sorted) + "</details>\n";
}

std::string origin(const Report& r) {
  std::string out;
  if (!r.command.empty()) out += section("How to reproduce") + "<pre>" + markup_escaped(r.command) + "</pre>\n";
  if (!r.look_text.empty())
    out += "<details><summary>The look</summary>\n<pre>" + markup_escaped(r.look_text) + "</pre></details>\n";
  return out + fmt::format("<p class=\"quiet\" style=\"margin-top:24px\">Sfumato {}</p>\n", markup_escaped(version()));
}

}  // namespace

std::string html(const Report& r) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
         "content=\"width=device-width, initial-scale=1\">\n" +
         tag("title", r.title) + "\n<style>" + report_style + "</style>\n</head>\n<body>\n<main>\n" +
         tag("h1", r.title) + "\n" + (r.lead.empty() ? "" : "<p class=\"lead\">" + markup_escaped(r.lead) + "</p>\n") +
         tiles(r.numbers) + tables(r) + charts(r) + cases(r) + origin(r) + "</main>\n</body>\n</html>\n";
}

}  // namespace sfumato
