// SPDX-License-Identifier: Apache-2.0
#include "report/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/error_map.h"

namespace sfumato {
namespace {

std::optional<double> part(const Score& score, const std::optional<Score>& input) {
  if (!input || input->l2_lab <= 0.0) return {};
  return score.l2_lab / input->l2_lab;
}

std::string ratio_text(const std::optional<double>& ratio) { return ratio ? fmt::format("{:.3f}", *ratio) : "–"; }

template <class People>
std::optional<double> consistency_of(const std::vector<Compared>& all, const People& people) {
  std::vector<HumanCentered> pictures;
  std::vector<std::string> groups;
  for (const Compared& c : all)
    if (const std::optional<HumanCentered> p = people(c)) {
      pictures.push_back(*p);
      groups.push_back(c.name.substr(0, c.name.find('_')));
    }
  if (pictures.empty()) return {};
  return group_consistency(pictures, groups);
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

// L*a*b* distance and delta E 76 are one number but in the uniform protocol.
std::vector<std::string> score_columns(Protocol p) {
  if (p == Protocol::ppr10k) return {"PSNR dB", "PSNR HC dB", "SSIM", "ΔE 76", "ΔE 76 HC", "ΔE 2000", "CDF"};
  if (p == Protocol::uniform) return {"PSNR dB", "SSIM", "L2 Lab", "ΔE 76", "ΔE 2000", "CDF"};
  return {"PSNR dB", "SSIM", "ΔE 76", "ΔE 2000", "CDF"};
}

std::vector<std::string> score_cells(const Score& s, Protocol p) {
  auto color = [](double v) { return fmt::format("{:.3f}", v); };
  std::vector<std::string> cells{decibel_text(s.psnr_db)};
  if (p == Protocol::ppr10k) cells.push_back(s.people ? decibel_text(s.people->psnr_db) : "");
  cells.push_back(fmt::format("{:.4f}", s.ssim));
  if (p == Protocol::uniform) cells.push_back(color(s.l2_lab));
  cells.push_back(color(s.delta_e_76));
  if (p == Protocol::ppr10k) cells.push_back(s.people ? color(s.people->delta_e_76) : "");
  cells.push_back(color(s.delta_e_2000));
  cells.push_back(fmt::format("{:.4f}", s.cdf_distance));
  return cells;
}

std::optional<double> Compared::ratio() const { return part(score, input); }

Compared compare(const Comparison& c, Protocol protocol, int threads, bool with_pictures) {
  Compared result{c.name, {}, {}, {}};
  Plane map;
  result.score = score(c.ours, c.target, protocol, threads, with_pictures ? &map : nullptr, c.weights);
  if (c.before) result.input = score(*c.before, c.target, protocol, threads, nullptr, c.weights);
  ReportCase& shown = result.shown;
  shown.name = c.name;
  shown.error = result.score.delta_e_2000;
  const auto names = score_columns(protocol), cells = score_cells(result.score, protocol);
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
  s.consistency = consistency_of(all, [](const Compared& c) { return c.score.people; });
  s.input_consistency = consistency_of(all, [](const Compared& c) { return c.input ? c.input->people : std::nullopt; });
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
    r.lead += s.worse_than_input == 0
                  ? "No photo is worse than its input."
                  : fmt::format("{} of {} photos are worse than their input.", s.worse_than_input, all.size());
  } else {
    r.lead += ".";
  }
  const auto worst = std::max_element(all.begin(), all.end(), [](const Compared& a, const Compared& b) {
    return a.score.delta_e_2000 < b.score.delta_e_2000;
  });
  r.numbers = {{"ΔE 2000", fmt::format("{:.2f}", s.score.delta_e_2000), "mean"},
               {"PSNR", decibel_text(s.score.psnr_db) + (std::isinf(s.score.psnr_db) ? "" : " dB"), "mean"},
               {"SSIM", fmt::format("{:.4f}", s.score.ssim), "mean"}};
  if (worst != all.end())
    r.numbers.push_back({"Worst photo", fmt::format("{:.2f}", worst->score.delta_e_2000), "ΔE 2000"});
  if (s.ratio) r.numbers.push_back({"Ratio", fmt::format("{:.3f}", *s.ratio), "error to input distance"});

  constexpr const char* notes[]{
      "Means over photos. PSNR and SSIM of 8-bit pictures, SSIM of the luma; ΔE of the pictures as stored.",
      "Means over photos by the protocol of the MIT-Adobe FiveK papers: all of 8-bit pictures, SSIM of the channels "
      "side by side at about half size.",
      "Means over photos. L2 Lab from 16-bit ProPhoto samples as in the Uniform set's code; the rest of the pictures "
      "converted to sRGB.",
      "Means over photos by the protocol of PPR10K: all of 8-bit pictures; HC counts what the mask shows twice as much "
      "as the rest.",
      "Means over photos by the protocol of StarEnhancer: all of 8-bit pictures, SSIM of the channels reduced to about "
      "256 pixels."};
  if (s.consistency)
    r.numbers.push_back(
        {"Group consistency", fmt::format("{:.3f}", *s.consistency),
         s.input_consistency ? fmt::format("untouched {:.3f}", *s.input_consistency) : "less is better"});

  ReportTable table{"Numbers", notes[static_cast<int>(protocol)], {""}, {}};
  for (const std::string& name : score_columns(protocol)) table.columns.push_back(name);
  auto add = [&](const char* name, const Score& score) {
    table.rows.push_back({name});
    for (const std::string& cell : score_cells(score, protocol)) table.rows.back().push_back(cell);
  };
  if (s.input) add("Untouched", *s.input);
  add("Ours", s.score);
  table.marked = static_cast<int>(table.rows.size()) - 1;
  r.tables.push_back(table);
  for (const Compared& c : all) r.cases.push_back(c.shown);
  return r;
}

}  // namespace sfumato
