// SPDX-License-Identifier: Apache-2.0
// Tables 1 and 2 of [Zhu2017] with our rows: styles made by looks of looks/generators from photos with mask pictures,
// learned from 52 photos of 75 and tried on the others; means over several random splits, since one split alone moves
// the ratio of even the best look for the whole picture from .7 to .9.
//   sfumato_local_styles PHOTOS_WITH_MASKS OUT [encoder=FILE] [styles=pop-out,...] [local=off,maps,...]
//                        [steps=N] [size=N] [squared=1] [splits=3]
// PHOTOS: name.jpg beside name_mask.png. OUT gets style/before and style/after.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <numeric>
#include <utility>

#include "base/random.h"
#include "base/text.h"
#include "bench/options.h"
#include "bench/photos.h"
#include "learner/learn_look.h"
#include "look/recipe.h"
#include "look/where.h"
#include "measure/lab_difference.h"
#include "pairs/generate.h"
#include "report/published.h"
#include "sfumato/render.h"

namespace {

namespace fs = std::filesystem;
using namespace sfumato;

// Watercolor's; the diagonals are about 620 pixels.
constexpr float stroke_width = 0.012f;

PairSet pairs_of(const std::string& photos, const std::string& out, const std::string& style) {
  const Look look = find_look(std::string(SFUMATO_SOURCE_DIR) + "/looks/generators/" + style + ".json");
  GenerateOptions o;
  if (wants_mask(look)) o.mask = "{dir}/{stem}_mask.png";
  if (style == "watercolor") o.strokes = stroke_width;
  const std::string root = out + "/" + style;
  fs::create_directories(root + "/before"), fs::create_directories(root + "/after");
  for (const std::string& path : files_below(photos, {".jpg"})) {
    const std::string name = fs::path(path).stem().string();
    const PairJob job{path, name, root, "before/" + name + ".png", "after/" + name + ".png"};
    if (!read_generated(job, look, o)) generate_pair(job, look, o);
  }
  return read_pairs(root + "/before", root + "/after");
}

// Which pairs are for the test: 23 of 75. Copies of one photo stay on one side.
std::vector<bool> tests_of(const PairSet& set, std::uint64_t seed) {
  std::vector<Analysis> photos;
  for (const Pair& p : set.pairs) photos.push_back(analyze(p.before.view()));
  const auto is_copy = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t i = 0; i < photos[a].rgb.size(); ++i) sum += std::abs(photos[a].rgb[i] - photos[b].rgb[i]);
    return sum < 0.02 * static_cast<double>(photos[a].rgb.size());
  };
  std::vector<std::size_t> order(set.pairs.size());
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_bits(seed, i) % i]);
  std::vector<bool> is_test(order.size());
  const std::size_t wanted = order.size() * 23 / 75;
  std::size_t count = 0;
  for (const std::size_t first : order)
    for (std::size_t i = 0; i < order.size() && count < wanted; ++i)
      if (!is_test[i] && (i == first || is_copy(i, first))) is_test[i] = true, ++count;
  return is_test;
}

struct Result {
  double input = 0, error = 0;
};
Result tried(const Look& look, const std::vector<const Pair*>& test) {
  Result r;
  for (const Pair* pair : test) {
    const Pair& p = *pair;
    const Analysis photo = analyze(p.before.view());
    const Picture out =
        rendered(Plan(LookRecipe{{look}}.resolve(&photo).look), p.before.view(), Sample::u8, {.dither = false});
    const auto n = static_cast<double>(test.size());
    r.input += lab_difference(p.before.view(), p.after.view(), LabChain::srgb).delta_e_76 / n;
    r.error += lab_difference(out.view(), p.after.view(), LabChain::srgb).delta_e_76 / n;
  }
  return r;
}

int run(int argc, char** argv) {
  Options option = options_of(argc, argv,
                              {{"encoder", ""},
                               {"styles", "pop-out,local-xpro,watercolor,cold,spring"},
                               {"steps", ""},
                               {"size", ""},
                               {"squared", ""},
                               {"splits", "3"},
                               {"local", ""}});
  if (option["local"].empty()) option["local"] = option["encoder"].empty() ? "off,maps" : "off,maps,exemplar";
  fmt::print("{:<18} {:<9} {:>6} {:>7} {:>6} {:>8}   [Zhu2017]: input, error, ratio; chosen on each split\n", "style",
             "local", "input", "error", "ratio", "seconds");
  for (const auto part : split_words(option["styles"], ',')) {
    const std::string style(part);
    const PairSet all = pairs_of(argv[1], argv[2], style);
    const auto& known = published_styles();
    const auto theirs =
        std::find_if(known.begin(), known.end(), [&](const PublishedStyle& s) { return s.id == style; });
    if (theirs == known.end()) throw Error(Code::usage, "found no style of that name", style);
    std::vector<std::vector<bool>> splits(parse_integer(option["splits"]).value_or(3));
    for (std::size_t i = 0; i < splits.size(); ++i) splits[i] = tests_of(all, i);
    for (const auto kind : split_words(option["local"], ',')) {
      LearnOptions o;
      o.model = LearnModel::closed;
      o.finds_grain = o.finds_focus = false;
      o.local.kind = local_kinds().at(std::string(kind));
      o.local.encoder_weights = option["encoder"];
      if (const auto steps = parse_integer(option["steps"]))
        o.local.train.steps = o.local.network.steps = static_cast<int>(*steps);
      o.local.network.is_squared = !option["squared"].empty();
      if (const auto size = parse_integer(option["size"])) o.local.network.image = static_cast<int>(*size);
      const auto n = static_cast<double>(splits.size());
      Result mean;
      std::string chosen;
      const auto start = std::chrono::steady_clock::now();
      for (const std::vector<bool>& is_test : splits) {
        PairSet train;
        std::vector<const Pair*> test;
        for (std::size_t i = 0; i < all.pairs.size(); ++i)
          if (is_test[i])
            test.push_back(&all.pairs[i]);
          else
            train.pairs.push_back(all.pairs[i]);
        const LearnedLook learned = learn_look(train, o);
        const Result r = tried(learned.look, test);
        mean.input += r.input / n, mean.error += r.error / n;
        const GradeReport::Model& last = learned.grade.models.back();
        if (!last.is_accepted) fmt::print("  {} was not taken: {}\n", last.name, last.reason);
        chosen += (chosen.empty() ? "" : " ") + fmt::format("{} {:.3f}", learned.grade.chosen, r.error / r.input);
      }
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / n;
      fmt::print("{:<18} {:<9} {:6.2f} {:7.3f} {:6.3f} {:8.0f}   {:.2f} {:.2f} {:.2f}   {}\n", theirs->title, kind,
                 mean.input, mean.error, mean.error / mean.input, seconds, theirs->input, theirs->zhu2017,
                 theirs->zhu2017 / theirs->input, chosen);
      std::fflush(stdout);
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr,
               "sfumato_local_styles PHOTOS_WITH_MASKS OUT [encoder=FILE] [styles=...] [local=off,maps,...] [steps=N] "
               "[size=N] [squared=1] [splits=3]\n");
    return 2;
  }
  try {
    return run(argc, argv);
  } catch (const Error& e) {
    fmt::print(stderr, "{}\n", e.what());
    return static_cast<int>(e.code());
  }
}
