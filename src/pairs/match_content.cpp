// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/threads.h"
#include "pairs/align.h"
#include "pairs/match.h"
#include "pairs/structure.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr int descriptor_edge = 24, aligned_edge = 192, candidates = 4;
constexpr double lead = 0.08;

struct Seen {
  Picture picture;                        // empty: unreadable
  std::vector<std::vector<float>> turns;  // descriptors: the structure of a square of descriptor_edge, for each turn
};

Seen look_at(const std::string& path, int turns) {
  Seen seen;
  try {
    const PhotoInfo info = read_photo_info(path);
    seen.picture = read_photo(info, reduced_size(info, aligned_edge));
    const Picture square = reduced(seen.picture, {descriptor_edge, descriptor_edge});
    for (int turn = 0; turn < turns; ++turn) seen.turns.push_back(structure(turned(square, turn)).value);
  } catch (const Error&) {
    seen.picture = Picture();  // it is refused with its reason where it is read again
  }
  return seen;
}

std::vector<Seen> look_at(const std::vector<std::string>& paths, int turns, int threads) {
  std::vector<Seen> seen(paths.size());
  parallel_for(static_cast<int>(paths.size()), threads, [&](int i) { seen[i] = look_at(paths[i], turns); });
  return seen;
}

double likeness(const Seen& before, const Seen& after) {
  double best = -1;
  if (before.turns.empty()) return best;
  for (const auto& turn : after.turns) best = std::max(best, structure_correlation(before.turns[0], turn));
  return best;
}

// The agreement of each before with the afters that look most like it; 0 elsewhere.
std::vector<std::vector<double>> agreements(const std::vector<Seen>& before, const std::vector<Seen>& after,
                                            int threads) {
  std::vector<std::vector<double>> table(before.size(), std::vector<double>(after.size()));
  parallel_for(static_cast<int>(before.size()), threads, [&](int i) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t j = 0; j < after.size(); ++j) order.emplace_back(-likeness(before[i], after[j]), j);
    std::sort(order.begin(), order.end());
    for (std::size_t k = 0; k < order.size() && k < candidates && order[k].first < 0; ++k) {
      const std::size_t j = order[k].second;
      table[i][j] = align(before[i].picture, after[j].picture).agreement;
      if (table[i][j] > 0.75) break;
    }
  });
  return table;
}

}  // namespace

std::vector<FileMatch> match_content(const std::vector<std::string>& before, const std::vector<std::string>& after,
                                     int threads) {
  const auto table = agreements(look_at(before, 1, threads), look_at(after, 8, threads), threads);
  std::vector<FileMatch> matched;
  for (std::size_t i = 0; i < before.size() && !after.empty(); ++i) {
    const std::size_t j = std::max_element(table[i].begin(), table[i].end()) - table[i].begin();
    double rival = 0;
    for (std::size_t k = 0; k < after.size(); ++k)
      if (k != j) rival = std::max(rival, table[i][k]);
    for (std::size_t k = 0; k < before.size(); ++k)
      if (k != i) rival = std::max(rival, table[k][j]);
    if (table[i][j] >= different_scene && table[i][j] > rival + lead) matched.push_back({before[i], after[j]});
  }
  return matched;
}

}  // namespace sfumato
