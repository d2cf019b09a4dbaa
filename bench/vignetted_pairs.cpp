// SPDX-License-Identifier: Apache-2.0
// Whether vignettes are told from colors: film LUTs behind vignettes of random strength, place and shape, learned from
// few pairs with and without looking for one, and tried on other photos; and how often one is found in the same films'
// pairs that have none. Prints mean delta E 76.
//   sfumato_vignetted_pairs LUT_FOLDER PHOTO_FOLDER [pairs=1,5] [every=3]
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <random>

#include "bench/options.h"
#include "bench/photos.h"
#include "learner/learn_look.h"
#include "look/values.h"
#include "measure/lab_difference.h"
#include "pairs/pair_of_views.h"

namespace {

namespace fs = std::filesystem;
using namespace sfumato;

constexpr int tests = 10;

LookStep random_vignette(std::mt19937& random) {
  const auto between = [&](float low, float high) { return std::uniform_real_distribution<float>(low, high)(random); };
  LookStep step = initial_step(*find_op("vignette"));
  const bool is_lighter = random() % 4 == 0;
  step.values[0] = KnobValue::fixed(is_lighter ? between(0.2f, 0.8f) : between(-1.2f, -0.2f));
  step.values[1] = KnobValue::fixed(between(0.0f, 0.6f));
  step.values[4] = KnobValue::fixed(static_cast<float>(random() % 2));
  return step;
}

Picture edited(const Picture& photo, const Look& look) { return pair_of(photo, Plan(look)).after; }

LearnedLook learned(const std::vector<const Picture*>& photos, const Look& look, bool finds_vignette) {
  PairSet set;
  for (const Picture* p : photos) {
    std::string refusal;
    Pair pair = pair_of_views(p->view(), edited(*p, look).view(), std::to_string(set.pairs.size()), refusal);
    if (refusal.empty()) set.pairs.push_back(std::move(pair));
  }
  LearnOptions o;
  o.model = LearnModel::closed;
  o.finds_vignette = finds_vignette, o.finds_focus = o.finds_grain = false;
  return learn_look(set, o);
}

const LookStep* vignette_of(const Look& look) {
  for (const LookStep& s : look.steps)
    if (s.op == find_op("vignette")) return &s;
  return nullptr;
}

int run(int argc, char** argv) {
  Options option = options_of(argc, argv, {{"pairs", "1,5"}, {"every", "3"}});
  const std::vector<std::string> luts = files_below(argv[1], {".cube"});
  std::vector<std::string> paths = files_below(argv[2], {".jpg", ".png"});
  std::mt19937 random(1);
  for (std::size_t i = paths.size() - 1; i > 0; --i) std::swap(paths[i], paths[random() % (i + 1)]);
  if (luts.empty() || static_cast<int>(paths.size()) < 4 * tests)
    throw Error(Code::usage, fmt::format("found {} LUTs and {} photos; expected some, and at least {}", luts.size(),
                                         paths.size(), 4 * tests));
  paths.resize(4 * tests);
  std::vector<Picture> photos;
  for (const std::string& p : paths) photos.push_back(photo(p));

  for (const int count : numbers_of(option["pairs"])) {
    double input = 0, with = 0, without = 0, amount_off = 0, midpoint_off = 0;
    int films = 0, found = 0, found_wrongly = 0;
    for (std::size_t l = 0; l < luts.size(); l += std::stoul(option["every"]), ++films) {
      std::vector<const Picture*> seen;
      for (int i = 0; i < count; ++i) seen.push_back(&photos[tests + (random() % tests) * 3 + i % 3]);
      std::sort(seen.begin(), seen.end());
      seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
      const Look film = find_look(luts[l]);
      Look look = film;
      look.steps.insert(look.steps.begin(), random_vignette(random));
      const Look a = learned(seen, look, true).look, b = learned(seen, look, false).look;
      for (int i = 0; i < tests; ++i) {
        const Picture want = edited(photos[i], look);
        const auto off = [&](const Look& l) {
          return lab_difference(edited(photos[i], for_photo(l, photos[i].view())).view(), want.view(), LabChain::srgb)
                     .delta_e_76 /
                 tests;
        };
        input += off({}), with += off(a), without += off(b);
      }
      if (const LookStep* v = vignette_of(a)) {
        ++found;
        amount_off += std::abs(v->values[0].preset - look.steps[0].values[0].preset);
        midpoint_off += std::abs(v->values[1].preset - look.steps[0].values[1].preset);
      }
      found_wrongly += vignette_of(learned(seen, film, true).look) != nullptr;
    }
    fmt::print(
        "{} pairs, {} films: input {:.2f}; without looking {:.2f}, with {:.2f}; found {}, wrongly {}; amount off by "
        "{:.3f} stops, midpoint by {:.3f}\n",
        count, films, input / films, without / films, with / films, found, found_wrongly,
        amount_off / std::max(1, found), midpoint_off / std::max(1, found));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 3) throw Error(Code::usage, "expected LUT_FOLDER PHOTO_FOLDER [pairs=1,5] [every=3]");
    return run(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 2;
  }
}
