// SPDX-License-Identifier: Apache-2.0
#include "report/compare.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "report/error_map.h"

namespace sfumato {
namespace {

std::optional<double> part(const Score& score, const std::optional<Score>& input) {
  if (!input || input->l2_lab <= 0.0) return {};
  return score.l2_lab / input->l2_lab;
}

std::string ratio_text(const std::optional<double>& ratio) { return ratio ? fmt::format("{:.3f}", *ratio) : "–"; }

// L*a*b* distance and delta E 76 are one number but in the uniform protocol.
std::vector<std::string> columns_of(Protocol p) {
  std::vector<std::string> names{"PSNR dB", "SSIM", "ΔE 76", "ΔE 2000", "CDF distance"};
  if (p == Protocol::uniform) names.insert(names.begin() + 2, "L2 Lab");
  return names;
}

std::vector<std::string> cells_of(const Score& s, Protocol p) {
  std::vector<std::string> cells{decibel_text(s.psnr_db), fmt::format("{:.4f}", s.ssim), fmt::format("{:.3f}", s.delta_e_76), fmt::format("{:.3f}", s.delta_e_2000),
                                 fmt::format("{:.4f}", s.cdf_distance)};
  if (p == Protocol::uniform) cells.insert(cells.begin() + 2, fmt::format("{:.3f}", s.l2_lab));
  return cells;
}

void add_pictures(const Comparison& c, const Plane& map, int threads, ReportCase& shown) {
  auto add = [&](const char* caption, const View& v) {
    shown.pictures.push_back({caption, jpeg_uri(v)});
    shown.curves.push_back({caption, cumulative(histograms(v, 256, threads))});
  };
  if (c.before) add("Before", c.before->srgb);
  add("Ours", c.ours.srgb);
  add("Target", c.target.srgb);
  shown.error_map = error_map_uri(map);
}

}  // namespace

std::string decibel_text(double db) { return std::isinf(db) ? "equal" : fmt::format("{:.2f}", db); }

std::optional<double> Compared::ratio() const { return part(score, input); }

Compared compare(const Comparison& c, Protocol protocol, int threads, bool with_pictures) {
  Compared result{c.name, {}, {}, {}};
  Plane map;
  result.score = score(c.ours, c.target, protocol, threads, with_pictures ? &map : nullptr);
  if (c.before) result.input = score(*c.before, c.target, protocol, threads);
  ReportCase& shown = result.shown;
  shown.name = c.name;
  shown.error = result.score.delta_e_2000;
  const auto names = columns_of(protocol), cells = cells_of(result.score, protocol);
  for (std::size_t i = 0; i < names.size(); ++i) shown.numbers.push_back({names[i], cells[i], {}});
  if (result.input) shown.numbers.push_back({"ratio to input", ratio_text(result.ratio()), {}});
  if (with_pictures) add_pictures(c, map, threads, shown);
  return result;
}

Summary summarize(const std::vector<Compared>& all) {
  std::vector<Score> scores, inputs;
  Summary s;
  for (const Compared& c : all) {
    scores.push_back(c.score);
    if (c.input) inputs.push_back(*c.input);
    s.worse_than_input += c.ratio().value_or(c.input && c.score.l2_lab > 0.0 ? 2.0 : 0.0) > 1.0;
  }
  s.score = mean(scores);
  if (!all.empty() && inputs.size() == all.size()) s.input = mean(inputs);
  s.ratio = part(s.score, s.input);
  return s;
}

Report report_of(const std::vector<Compared>& all, const std::string& title, Protocol protocol) {
  const Summary s = summarize(all);
  Report r;
  r.title = title;
  const std::string photos = all.size() == 1 ? "one photo" : fmt::format("{} photos", all.size());
  r.lead = fmt::format("Over {}, the mean color error is {:.2f} ΔE 2000", photos, s.score.delta_e_2000);
  if (s.input) {
    r.lead += fmt::format("; the untouched photos are {:.2f} away. ", s.input->delta_e_2000);
    r.lead += s.worse_than_input == 0 ? "No photo is worse than its input." : fmt::format("{} of {} photos are worse than their input.", s.worse_than_input, all.size());
  } else {
    r.lead += ".";
  }
  const auto worst = std::max_element(all.begin(), all.end(), [](const Compared& a, const Compared& b) { return a.score.delta_e_2000 < b.score.delta_e_2000; });
  r.numbers = {{"ΔE 2000", fmt::format("{:.2f}", s.score.delta_e_2000), "mean"}, {"PSNR", decibel_text(s.score.psnr_db) + (std::isinf(s.score.psnr_db) ? "" : " dB"), "mean"},
               {"SSIM", fmt::format("{:.4f}", s.score.ssim), "mean"}};
  if (worst != all.end()) r.numbers.push_back({"Worst photo", fmt::format("{:.2f}", worst->score.delta_e_2000), "ΔE 2000"});
  if (s.ratio) r.numbers.push_back({"Ratio", fmt::format("{:.3f}", *s.ratio), "error to input distance"});

  constexpr const char* notes[]{"Means over photos. PSNR and SSIM of 8-bit pictures, SSIM of the luma; ΔE of the pictures as stored.",
                                "Means over photos by the protocol of the MIT-Adobe FiveK papers: all of 8-bit pictures, SSIM of the channels side by side at about half size.",
                                "Means over photos. L2 Lab from 16-bit ProPhoto samples as in the Uniform set's code; the rest of the pictures converted to sRGB."};
  ReportTable table{"Numbers", notes[static_cast<int>(protocol)], {""}, {}};
  for (const std::string& name : columns_of(protocol)) table.columns.push_back(name);
  auto add = [&](const char* name, const Score& score) {
    table.rows.push_back({name});
    for (const std::string& cell : cells_of(score, protocol)) table.rows.back().push_back(cell);
  };
  if (s.input) add("Untouched", *s.input);
  add("Ours", s.score);
  table.marked = static_cast<int>(table.rows.size()) - 1;
  r.tables.push_back(table);
  for (const Compared& c : all) r.cases.push_back(c.shown);
  return r;
}

}  // namespace sfumato
