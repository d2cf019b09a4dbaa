// SPDX-License-Identifier: Apache-2.0
#include "look/over_time.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "lane/cube.h"

namespace sfumato {
namespace {

using Table = std::shared_ptr<const CubeTable>;

// Means of tables; steps that share one share its mean.
class MeanTables {
 public:
  MeanTables(std::span<const Look> looks, std::span<const float> weights) : looks_(looks), weights_(weights) {}

  // `table_in` finds it in each look.
  template <class TableIn>
  Table of(const TableIn& table_in) {
    const Table& first = table_in(looks_[0]);
    if (!first) return first;
    Table& mean = means_[first.get()];
    if (!mean) mean = mean_of(table_in);
    return mean;
  }

 private:
  template <class TableIn>
  Table mean_of(const TableIn& table_in) const {
    auto mean = std::make_shared<CubeTable>(*table_in(looks_[0]));
    std::fill(mean->nodes.begin(), mean->nodes.end(), 0.0f);
    for (std::size_t l = 0; l < looks_.size(); ++l) {
      const float* from = table_in(looks_[l])->nodes.data();
      float* to = mean->nodes.data();
      for (std::size_t i = 0; i < mean->nodes.size(); ++i) to[i] += weights_[l] * from[i];
    }
    return mean;
  }

  std::span<const Look> looks_;
  std::span<const float> weights_;
  std::map<const CubeTable*, Table> means_;
};

// Between the least and the greatest, so that what is the same in all stays so.
float mean_value(std::span<const Look> looks, std::span<const float> weights, std::size_t step, std::size_t value) {
  double sum = 0;
  float low = looks[0].steps[step].values[value].preset, high = low;
  for (std::size_t l = 0; l < looks.size(); ++l) {
    const float v = looks[l].steps[step].values[value].preset;
    sum += double(weights[l]) * v;
    low = std::min(low, v), high = std::max(high, v);
  }
  return std::clamp(static_cast<float>(sum), low, high);
}

// The place of the knob that chooses what chance draws; -1: there is none.
int seed_of(const OpInfo& op) {
  int at = 0;
  for (const Knob& k : op.knobs) {
    if (k.name == std::string_view("seed")) return at;
    at += k.count;
  }
  return -1;
}

}  // namespace

Look blended(std::span<const Look> looks, std::span<const float> weights) {
  Look result = looks[0];
  MeanTables means(looks, weights);
  for (std::size_t s = 0; s < result.steps.size(); ++s) {
    LookStep& step = result.steps[s];
    for (std::size_t v = 0; v < step.values.size(); ++v) step.values[v].preset = mean_value(looks, weights, s, v);
    step.map.table = means.of([&](const Look& l) -> const Table& { return l.steps[s].map.table; });
    for (std::size_t t = 0; t < step.value_tables.size(); ++t)
      step.value_tables[t] = means.of([&](const Look& l) -> const Table& { return l.steps[s].value_tables[t]; });
  }
  return result;
}

bool has_maps(const Look& look) {
  return std::any_of(look.steps.begin(), look.steps.end(),
                     [](const LookStep& s) { return s.map || !s.value_tables.empty(); });
}

Look at_frame(const Look& look, long long frame) {
  constexpr long long seeds = 65536;
  Look result = look;
  for (LookStep& step : result.steps)
    if (const int at = seed_of(*step.op); at >= 0) {
      float& seed = step.values[at].preset;
      seed = static_cast<float>(std::fmod(seed + static_cast<float>(frame % seeds), static_cast<float>(seeds)));
    }
  return result;
}

bool changes_with_frames(const Look& look) {
  return std::any_of(look.steps.begin(), look.steps.end(), [](const LookStep& s) { return seed_of(*s.op) >= 0; });
}

}  // namespace sfumato
