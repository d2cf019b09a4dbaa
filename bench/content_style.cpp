// SPDX-License-Identifier: Apache-2.0
// A style that depends on the photo (exposure to a target key, white balance to neutral, chroma by the scene, then a
// fixed curve), learned from 10 and 70 pairs (or so many as are asked for) and tried on 20 other photos.
//   sfumato_content_style PHOTO_FOLDER [SEED [PAIRS,...]]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "bench/options.h"
#include "bench/photos.h"
#include "grade/choose.h"
#include "grade/trial.h"
#include "look/adapter.h"

namespace {

using namespace sfumato;

constexpr const char* style = R"({"sfumato": 1, "steps": [
  {"op": "exposure", "stops": {"from": "key", "target": 0.16, "low": -2, "high": 2}},
  {"op": "white_balance", "temperature": {"from": "warmth", "share": 0.8}, "tint": {"from": "magenta", "share": 0.8}},
  {"op": "saturation", "amount": {"from": "chroma", "target": 0.09, "low": -0.5, "high": 0.6}},
  {"op": "tone_curve", "contrast": 0.3, "blue": [0.03, 0.02, 0.01, 0, 0, 0, -0.01, -0.02, -0.03]},
  {"op": "split_tone", "shadow_strength": 0.3, "light_strength": 0.3}]})";

Pair styled(const Picture& photo) {
  const Look look = parse_look(style, "style");
  return pair_of(photo, Plan(look.adapter->adapt(look, analyze(photo.view())).look));
}

int run(int argc, char** argv) {
  const auto paths = files_below(argv[1], {".jpg", ".png"});
  const std::vector<int> counts = numbers_of(argc > 3 ? argv[3] : "10,70");
  const int most = *std::max_element(counts.begin(), counts.end());
  if (static_cast<int>(paths.size()) < most + 20)
    throw Error(Code::usage,
                fmt::format("found {} photos; expected at least {}: {} to learn from and 20 others", paths.size(),
                            most + 20, most),
                argv[1]);
  std::vector<Picture> photos;
  for (const auto& p : paths) photos.push_back(photo(p));
  std::mt19937 random(argc > 2 ? std::atoi(argv[2]) : 1);
  for (std::size_t i = photos.size() - 1; i > 0; --i) std::swap(photos[i], photos[random() % (i + 1)]);
  std::vector<TrialPair> tests;
  for (int i = 0; i < 20; ++i) tests.emplace_back(styled(photos[i]));
  for (const int count : counts) {
    PairSet set;
    for (int i = 0; i < count; ++i) {
      set.pairs.push_back(styled(photos[20 + i]));
      set.pairs.back().name = std::to_string(i);
    }
    const Learned fixed = learn_grade(set, {.may_adapt = false}), adaptive = learn_grade(set);
    std::vector<Samples> samples;
    std::vector<std::vector<float>> descriptors;
    for (const Pair& p : set.pairs) {
      const TrialPair trial(p);
      samples.push_back(trial.samples);
      descriptors.push_back(trial.descriptor);
    }
    const auto start = std::chrono::steady_clock::now();
    fit_auto_grade(samples, descriptors);
    const double fit_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    double input = 0, one = 0, each = 0;
    for (const TrialPair& t : tests) {
      input += t.input_error() / 20;
      one += t.error(fixed.look) / 20;
      each += t.error(adaptive.look) / 20;
    }
    fmt::print(
        "{} pairs: delta E 2000 on unseen photos: input {:.3f}, one look {:.3f}, {} {:.3f}; explained {:.2f}; {:.1f} "
        "s, of which one fit {:.1f} s\n",
        count, input, one, adaptive.report.chosen, each, adaptive.report.explained, adaptive.report.seconds, fit_s);
    for (const auto& m : adaptive.report.models)
      fmt::print("  {} strength {} left-out {:.3f} worst ratio {:.2f} accepted {} ({})\n", m.name, m.strength,
                 m.mean_error, m.worst_ratio, m.is_accepted, m.reason);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 2) throw Error(Code::usage, "expected PHOTO_FOLDER [SEED [PAIRS,...]]");
    return run(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 2;
  }
}
