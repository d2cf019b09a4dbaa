// SPDX-License-Identifier: Apache-2.0
#include "report/recovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/file.h"

namespace sfumato {

namespace fs = std::filesystem;

std::optional<Manifest> manifest_of(const std::string& before_path) {
  const fs::path path = fs::absolute(before_path).parent_path().parent_path() / "manifest.json";
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return std::nullopt;
  return parse_manifest(read_file(path, 1u << 28), path.string());
}

std::vector<RecoveredKnob> recovered_knobs(const Manifest& manifest, const Look& look,
                                           const std::map<std::string, Look>& adapted) {
  std::vector<RecoveredKnob> all;
  for (const VaryingKnob& knob : varying_knobs(look)) {
    const auto known = std::find(manifest.knobs.begin(), manifest.knobs.end(), knob.name);
    if (known == manifest.knobs.end()) continue;
    RecoveredKnob r{knob.name};
    double sum = 0, squares = 0, errors = 0;
    for (const GeneratedPair& pair : manifest.pairs) {
      const auto found = adapted.find(pair.name);
      if (found == adapted.end()) continue;
      const double truth = pair.values[known - manifest.knobs.begin()],
                   error = found->second.steps.at(knob.step).values.at(knob.value).preset - truth;
      r.low = r.pairs ? std::min(r.low, truth) : truth, r.high = r.pairs ? std::max(r.high, truth) : truth;
      r.mean_error += std::abs(error), r.worst_error = std::max(r.worst_error, std::abs(error));
      sum += truth, squares += truth * truth, errors += error * error;
      ++r.pairs;
    }
    if (r.pairs == 0) continue;
    r.mean_error /= r.pairs;
    const double variance = squares - sum * sum / r.pairs;
    r.explained = variance > 0 ? 1 - errors / variance : 0;
    all.push_back(std::move(r));
  }
  return all;
}

ReportTable recovery_table(const std::vector<RecoveredKnob>& knobs) {
  ReportTable table{"Recovered parameters",
                    "The numbers that made the pairs, against what the look sets for each photo.",
                    {"knob", "from", "to", "mean error", "worst error", "explained"},
                    {}};
  for (const RecoveredKnob& k : knobs)
    table.rows.push_back({k.name, fmt::format("{:.3g}", k.low), fmt::format("{:.3g}", k.high),
                          fmt::format("{:.4f}", k.mean_error), fmt::format("{:.4f}", k.worst_error),
                          fmt::format("{:.1f} %", 100 * k.explained)});
  return table;
}

}  // namespace sfumato
