// SPDX-License-Identifier: Apache-2.0
// How well a look is learned from few pairs: film LUTs, of color or of black and white, applied to photos, learned from
// some photos and tried on others. Prints mean delta E 76 per LUT and number of pairs.
//   sfumato_few_pairs LUT_FOLDER PHOTO_FOLDER [pairs=1,5,25] [draws=3] [every=1] [films=color|gray]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>
#include <random>

#include "bench/options.h"
#include "bench/photos.h"
#include "color/delta_e.h"
#include "color/lab.h"
#include "color/transfer.h"
#include "grade/random_looks.h"
#include "grade/static_grade.h"
#include "lane/scalar.h"
#include "render/colors.h"

namespace {

namespace fs = std::filesystem;
using namespace sfumato;

Lab lab_of(const Color& c) {
  const auto lab = linear_to_cielab(
      srgb_decode(Rgb<double>{clamp(c.r, 0.0f, 1.0f), clamp(c.g, 0.0f, 1.0f), clamp(c.b, 0.0f, 1.0f)}));
  return {lab.r * 100, lab.g * 128, lab.b * 128};
}

double mean_error(const std::vector<Color>& p, const std::vector<Color>& q) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += delta_e_76(lab_of(p[i]), lab_of(q[i]));
  return sum / static_cast<double>(p.size());
}

int run(int argc, char** argv) {
  Options option = options_of(argc, argv, {{"pairs", "1,5,25"}, {"draws", "3"}, {"every", "1"}, {"films", "color"}});
  std::vector<std::string> luts = files_below(argv[1], {".cube"}), paths = files_below(argv[2], {".jpg", ".png"});
  const bool wants_gray = option["films"] == "gray";
  if (!wants_gray && option["films"] != "color")
    throw Error(Code::usage, fmt::format("found films={}; expected color or gray", option["films"]));
  std::erase_if(luts, [&](const std::string& l) {
    const bool is_gray =
        l.find("/bw/") != l.npos || l.find("acros") != l.npos || l.find("mono") != l.npos || l.find("sepia") != l.npos;
    return is_gray != wants_gray;
  });
  const std::vector<int> counts = numbers_of(option["pairs"]);
  constexpr int tests = 20;
  if (const int wanted = tests + *std::max_element(counts.begin(), counts.end());
      static_cast<int>(paths.size()) < wanted || luts.empty())
    throw Error(
        Code::usage,
        fmt::format("found {} LUTs and {} photos; expected some, and {}: {} to try looks on, and others to learn from",
                    luts.size(), paths.size(), wanted, tests));
  std::mt19937 random(1);
  for (std::size_t i = paths.size() - 1; i > 0; --i) std::swap(paths[i], paths[random() % (i + 1)]);
  std::vector<Picture> photos;
  for (const std::string& p : paths) photos.push_back(photo(p));
  std::vector<Color> test;
  for (int i = 0; i < tests; ++i)
    for (int k = 0; k < 4000; ++k) {
      const float* v = photos[i].samples<float>() + 3 * (random() % (photos[i].sample_count() / 3));
      test.push_back({v[0], v[1], v[2]});
    }

  const auto t0 = std::chrono::steady_clock::now();
  look_sample();
  fmt::print("prior {:.2f} s; {} photos, {} LUTs\n",
             std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count(), photos.size(), luts.size());
  std::map<int, std::vector<double>> errors;
  std::vector<double> inputs;
  double seconds = 0;
  int fits = 0;
  for (std::size_t l = 0; l < luts.size(); l += std::stoi(option["every"])) {
    const Plan plan(find_look(luts[l]));
    const std::vector<Color> want = render_colors(plan, test);
    inputs.push_back(mean_error(test, want));
    fmt::print("{:42} input {:6.2f} |", fs::path(luts[l]).stem().string(), inputs.back());
    for (const int count : counts)
      for (int draw = 0; draw < std::stoi(option["draws"]); ++draw) {
        std::vector<int> order(photos.size() - tests);
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i) + tests;
        std::mt19937 pick(static_cast<unsigned>(l * 100 + draw));
        std::vector<Samples> pairs;
        std::vector<Pair> made;
        for (int i = 0; i < count; ++i) {
          std::swap(order[i], order[i + pick() % (order.size() - i)]);
          made.push_back(pair_of(photos[order[i]], plan));
        }
        const auto start = std::chrono::steady_clock::now();
        for (const Pair& p : made) pairs.push_back(sample_pair(p));
        const Look learned = fit_static_grade(pairs);
        seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        ++fits;
        errors[count].push_back(mean_error(render_colors(Plan(learned), test), want));
        fmt::print(" {}:{:.2f}", count, errors[count].back());
        std::fflush(stdout);
      }
    fmt::print("\n");
  }
  auto mean = [](const std::vector<double>& v) {
    double s = 0;
    for (const double e : v) s += e;
    return s / static_cast<double>(v.size());
  };
  fmt::print("mean: input {:.2f}", mean(inputs));
  for (auto& [count, all] : errors) fmt::print("; {} pairs {:.3f}", count, mean(all));
  fmt::print("; {:.2f} s per fit\n", seconds / fits);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 3)
      throw Error(Code::usage,
                  "expected LUT_FOLDER PHOTO_FOLDER [pairs=1,5,25] [draws=3] [every=1] [films=color|gray]");
    return run(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 2;
  }
}
