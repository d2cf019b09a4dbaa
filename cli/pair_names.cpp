// SPDX-License-Identifier: Apache-2.0
#include "pair_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "base/text.h"
#include "batch.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

std::string stem_of(const Found& f) { return fs::path(f.relative).replace_extension().string(); }

// "photo_velvia" continues "photo".
bool continues(const std::string& longer, const std::string& shorter) {
  return longer.size() > shorter.size() && longer.starts_with(shorter) &&
         std::string_view("_-. ").find(longer[shorter.size()]) != std::string_view::npos;
}

// The pictures of a folder, and who took which.
class Partners {
 public:
  Partners(const std::string& name, bool recursive) : name_(name), found_(find_files({name}, recursive)) {
    if (found_.empty()) throw Error(Code::input, "found no pictures in it", name);
  }

  const std::vector<Found>& found() const { return found_; }

  // Names that are the same come before names that are alike, for all of `others`.
  void match(const std::vector<Found>& others) {
    match_.assign(others.size(), {});
    for (std::size_t i = 0; i < others.size(); ++i)
      take(i, [&](const Found& f) { return f.relative == others[i].relative; });
    for (std::size_t i = 0; i < others.size(); ++i)
      take(i, [&](const Found& f) { return stem_of(f) == stem_of(others[i]); });
    for (std::size_t i = 0; i < others.size(); ++i)
      take(i, [&](const Found& f) { return continues(stem_of(f), stem_of(others[i])); });
    for (std::size_t i = 0; i < others.size(); ++i) take_longest(i, stem_of(others[i]));
  }

  // Of the i-th other: the partner's path, or why there is none.
  std::string path(std::size_t i) const { return match_[i].place ? found_[*match_[i].place].path : ""; }
  std::string problem(std::size_t i) const {
    return match_[i].place             ? ""
           : match_[i].problem.empty() ? fmt::format("has no picture of its name in {}", printable(name_))
                                       : match_[i].problem;
  }
  bool is_taken(std::size_t place) const { return taken_.count(place) > 0; }

 private:
  struct Match {
    std::optional<std::size_t> place;
    std::string problem;
  };

  template <class Fits>
  void take(std::size_t i, const Fits& fits) {
    if (match_[i].place || !match_[i].problem.empty()) return;
    std::vector<std::size_t> places;
    for (std::size_t k = 0; k < found_.size(); ++k)
      if (!is_taken(k) && fits(found_[k])) places.push_back(k);
    if (places.size() > 1)
      match_[i].problem =
          fmt::format("found {} and {} for it in {}; expected one", printable(found_[places[0]].relative),
                      printable(found_[places[1]].relative), printable(name_));
    if (places.size() == 1) set(i, places[0]);
  }

  void take_longest(std::size_t i, const std::string& stem) {
    if (match_[i].place || !match_[i].problem.empty()) return;
    std::optional<std::size_t> best;
    for (std::size_t k = 0; k < found_.size(); ++k)
      if (!is_taken(k) && continues(stem, stem_of(found_[k])) &&
          (!best || stem_of(found_[k]).size() > stem_of(found_[*best]).size()))
        best = k;
    if (best) set(i, *best);
  }

  void set(std::size_t i, std::size_t place) {
    match_[i].place = place;
    taken_.insert(place);
  }

  std::string name_;
  std::vector<Found> found_;
  std::vector<Match> match_;
  std::set<std::size_t> taken_;
};

// Whether all are folders; throws when they differ.
bool are_folders(const std::vector<std::string>& names) {
  std::error_code error;
  for (const std::string& name : names) {
    if (!fs::exists(name, error)) throw Error(Code::input, "found no such file or folder", name);
    if (fs::is_directory(name, error) != fs::is_directory(names[0], error))
      throw Error(Code::usage, "found a file and a folder; expected files only or folders only", name);
  }
  return fs::is_directory(names[0], error);
}

}  // namespace

std::vector<NamedPair> match_names(const std::string& first, const std::string& second,
                                   const std::vector<std::string>& beside, bool recursive) {
  std::vector<std::string> names{first, second};
  names.insert(names.end(), beside.begin(), beside.end());
  if (!are_folders(names)) return {{fs::path(first).filename().string(), first, second, beside, {}}};

  const Partners ours(first, recursive);
  Partners targets(second, recursive);
  targets.match(ours.found());
  std::vector<NamedPair> pairs;
  std::vector<Found> matched;
  for (std::size_t i = 0; i < ours.found().size(); ++i) {
    pairs.push_back({ours.found()[i].relative, ours.found()[i].path, targets.path(i), {}, targets.problem(i)});
    matched.push_back({targets.path(i), fs::path(targets.path(i)).lexically_relative(second).string()});
  }
  for (const std::string& folder : beside) {
    Partners further(folder, recursive);
    further.match(matched);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      pairs[i].beside.push_back(further.path(i));
      if (pairs[i].problem.empty()) pairs[i].problem = further.problem(i);
    }
  }
  for (std::size_t k = 0; k < targets.found().size(); ++k)
    if (!targets.is_taken(k))
      pairs.push_back({targets.found()[k].relative,
                       targets.found()[k].path,
                       {},
                       {},
                       fmt::format("has no picture of its name in {}", printable(first))});
  return pairs;
}

}  // namespace sfumato
