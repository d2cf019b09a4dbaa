// SPDX-License-Identifier: Apache-2.0
// Photos that a person retouched, each learned from all the others: FOLDER/input, FOLDER/expertC and, to compare with,
// FOLDER/curl_output; files that begin with the same letters up to the first '-' belong together.
//   sfumato_retouched_pairs FOLDER
#include <fmt/format.h>

#include <map>

#include "bench/photos.h"
#include "grade/choose.h"
#include "grade/trial.h"

namespace {

using namespace sfumato;

std::map<std::string, Picture> pictures(const std::string& folder) {
  std::map<std::string, Picture> all;
  for (const auto& path : files_below(folder, {".png", ".jpg"})) {
    const std::string name = std::filesystem::path(path).filename().string();
    all[name.substr(0, name.find('-'))] = photo(path);
  }
  return all;
}

int run(const std::string& folder) {
  const auto before = pictures(folder + "/input"), after = pictures(folder + "/expertC"),
             other = pictures(folder + "/curl_output");
  PairSet all;
  for (const auto& [name, picture] : before) {
    const Picture& target = after.at(name);
    if (picture.width() != target.width() || picture.height() != target.height()) {
      fmt::print("{}: {} x {} against {} x {}; left out\n", name, picture.width(), picture.height(), target.width(),
                 target.height());
      continue;
    }
    all.pairs.push_back({name, {}, {}, picture, target});
  }
  double sums[4]{}, worst = 0;
  fmt::print("{:8} {:>8} {:>8} {:>8}   delta E 2000\n", "photo", "input", "learned", "CURL");
  for (std::size_t i = 0; i < all.pairs.size(); ++i) {
    PairSet rest = all;
    rest.pairs.erase(rest.pairs.begin() + static_cast<std::ptrdiff_t>(i));
    const Learned learned = learn_grade(rest);
    const TrialPair test(all.pairs[i]);
    const double input = test.input_error(), ours = test.error(learned.look);
    double curl = 0;
    if (const auto found = other.find(all.pairs[i].name); found != other.end() &&
                                                          found->second.width() == all.pairs[i].after.width() &&
                                                          found->second.height() == all.pairs[i].after.height()) {
      Pair theirs = all.pairs[i];
      theirs.before = found->second;
      curl = TrialPair(theirs).input_error();
    }
    fmt::print("{:8} {:8.3f} {:8.3f} {:8.3f}   {}", all.pairs[i].name, input, ours, curl, learned.report.chosen);
    for (const auto& m : learned.report.models)
      fmt::print("  {}@{}: {:.2f}/{:.2f}", m.name, m.strength, m.mean_error, m.worst_ratio);
    fmt::print("\n");
    sums[0] += input, sums[1] += ours, sums[2] += curl;
    worst = std::max(worst, ours / input);
  }
  const double n = static_cast<double>(all.pairs.size());
  fmt::print("{:8} {:8.3f} {:8.3f} {:8.3f}   worst ratio to input {:.3f}\n", "mean", sums[0] / n, sums[1] / n,
             sums[2] / n, worst);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 2) throw Error(Code::usage, "expected FOLDER");
    return run(argv[1]);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 2;
  }
}
