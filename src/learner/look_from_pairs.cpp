// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "learner/learn_look.h"
#include "pairs/pair_of_views.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

LookFromPairs learned_from(const PairSet& pairs, LearnModel model, const LearnProgress& progress) {
  if (pairs.pairs.empty() && !pairs.refused.empty())
    throw Error(Code::input, "found no usable pair; " + pairs.refused[0].name + ": " + pairs.refused[0].reason);
  LearnOptions options;
  options.model = model;
  options.network_look = training_template(usual_template);
  LearnedLook learned = learn_look(pairs, options, progress);
  LookFromPairs result{std::move(learned.look), learned.json(), {}};
  for (const RefusedPair& r : pairs.refused) result.refused.push_back(r.name + ": " + r.reason);
  return result;
}

}  // namespace

LookFromPairs look_from_pairs(std::span<const EditedPhoto> photos, LearnModel model, const LearnProgress& progress) {
  PairSet pairs;
  for (const EditedPhoto& p : photos) {
    const std::string name = p.name.empty() ? fmt::format("{}", 1 + (&p - photos.data())) : p.name;
    std::string refusal;
    Pair pair = pair_of_views(p.before, p.after, name, refusal);
    if (refusal.empty())
      pairs.pairs.push_back(std::move(pair));
    else
      pairs.refused.push_back({name, refusal});
  }
  return learned_from(pairs, model, progress);
}

LookFromPairs look_from_pairs(const std::string& before, const std::string& after, LearnModel model,
                              const LearnProgress& progress) {
  return learned_from(read_pairs(before, after), model, progress);
}

}  // namespace sfumato
