// SPDX-License-Identifier: Apache-2.0
// Tables 1 and 2 of [Zhu2017] with our rows: styles made by looks of looks/generators from photos with mask pictures,
// learned from 52 and tried on 23 others.
//   sfumato_local_styles PHOTOS_WITH_MASKS OUT [encoder=FILE] [styles=pop-out,local-xpro,cold,spring] [steps=800]
// PHOTOS: name.jpg beside name_mask.png. OUT gets style/train and style/test, each with before/ and after/.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <utility>

#include "base/text.h"
#include "bench/photos.h"
#include "learner/learn_look.h"
#include "look/recipe.h"
#include "measure/lab_difference.h"
#include "pairs/generate.h"
#include "sfumato/render.h"

namespace {

namespace fs = std::filesystem;
using namespace sfumato;

// Of photos sorted by name; copies of one photo under several names stay on one side in the set this was made for.
bool is_test(int index) {
  const int place = index % 13;
  return place == 0 || place == 4 || place == 9 || place == 12;
}

struct Published {
  const char* title;
  double input, error;
};
const std::map<std::string, Published> published{{"pop-out", {"Foreground Pop-out", 13.86, 7.10}},
                                                 {"local-xpro", {"Local Xpro", 19.71, 6.98}},
                                                 {"cold", {"Cold", 16.95, 1.98}},
                                                 {"spring", {"Spring", 18.56, 3.56}}};

void make_pairs(const std::string& photos, const std::string& out, const std::string& style) {
  const Look look = find_look(std::string(SFUMATO_SOURCE_DIR) + "/looks/generators/" + style + ".json");
  GenerateOptions o;
  o.mask = "{dir}/{stem}_mask.png";
  int index = 0;
  for (const std::string& path : files_below(photos, {".jpg"})) {
    const std::string name = fs::path(path).stem().string();
    const std::string root = out + "/" + style + (is_test(index++) ? "/test" : "/train");
    const PairJob job{path, name, root, "before/" + name + ".png", "after/" + name + ".png"};
    fs::create_directories(root + "/before"), fs::create_directories(root + "/after");
    if (!read_generated(job, look, o)) generate_pair(job, look, o);
  }
}

struct Result {
  double input = 0, error = 0;
};
Result tried(const Look& look, const PairSet& test) {
  Result r;
  for (const Pair& p : test.pairs) {
    const Analysis photo = analyze(p.before.view());
    Picture out(p.before.width(), p.before.height(), Sample::f32);
    render(Plan(LookRecipe{{look}}.resolve(&photo).look), p.before.view(), out.view());
    const auto n = static_cast<double>(test.pairs.size());
    r.input += lab_difference(p.before.view(), p.after.view(), LabChain::srgb).delta_e_76 / n;
    r.error += lab_difference(std::as_const(out).view(), p.after.view(), LabChain::srgb).delta_e_76 / n;
  }
  return r;
}

int run(int argc, char** argv) {
  std::map<std::string, std::string> option{
      {"encoder", ""}, {"styles", "pop-out,local-xpro,cold,spring"}, {"steps", "800"}};
  for (int i = 3; i < argc; ++i) {
    const std::string a = argv[i];
    option[a.substr(0, a.find('='))] = a.substr(a.find('=') + 1);
  }
  fmt::print("{:<20} {:<10} {:>6} {:>7} {:>6} {:>8}   [Zhu2017]: input, error, ratio\n", "style", "model", "input",
             "error", "ratio", "seconds");
  for (const auto part : split_words(option["styles"], ',')) {
    const std::string style(part), root = std::string(argv[2]) + "/" + style;
    make_pairs(argv[1], argv[2], style);
    const PairSet train = read_pairs(root + "/train/before", root + "/train/after");
    const PairSet test = read_pairs(root + "/test/before", root + "/test/after");
    const Published& theirs = published.at(style);
    for (const LocalKind kind : {LocalKind::off, LocalKind::maps, LocalKind::exemplar}) {
      if (kind == LocalKind::exemplar && option["encoder"].empty()) continue;
      LearnOptions o;
      o.model = LearnModel::closed;
      o.finds_grain = o.finds_focus = false;
      o.local.kind = kind;
      o.local.encoder_weights = option["encoder"];
      o.local.train.steps = static_cast<int>(parse_integer(option["steps"]).value_or(800));
      const auto start = std::chrono::steady_clock::now();
      const LearnedLook learned = learn_look(train, o);
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      const Result r = tried(learned.look, test);
      fmt::print("{:<20} {:<10} {:6.2f} {:7.3f} {:6.3f} {:8.0f}   {:.2f} {:.2f} {:.2f}\n", theirs.title,
                 learned.grade.chosen, r.input, r.error, r.error / r.input, seconds, theirs.input, theirs.error,
                 theirs.error / theirs.input);
      std::fflush(stdout);
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "sfumato_local_styles PHOTOS_WITH_MASKS OUT [encoder=FILE] [styles=...] [steps=800]\n");
    return 2;
  }
  try {
    return run(argc, argv);
  } catch (const Error& e) {
    fmt::print(stderr, "{}\n", e.what());
    return static_cast<int>(e.code());
  }
}
