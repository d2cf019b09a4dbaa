// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>

#include "files/raw_file.h"
#include "pairs/match.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> edit_words{"edited",  "edit",     "after",     "output", "final",  "retouched",
                                          "retouch", "enhanced", "processed", "graded", "styled", "target"};
const std::vector<std::string> original_words{"input", "before", "original", "orig", "source", "raw", "unedited"};
const std::vector<std::string> other_words{"copy", "export", "exported"};

bool holds(const std::vector<std::string>& words, const std::string& w) {
  return std::find(words.begin(), words.end(), w) != words.end();
}

bool is_passed_over(const std::string& w) {
  return holds(edit_words, w) || holds(original_words, w) || holds(other_words, w);
}

std::string lower(std::string s) {
  for (char& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

bool is_separator(char c) { return c == '_' || c == '-' || c == ' ' || c == '.' || c == '(' || c == ')'; }

std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words{""};
  for (const char c : name) {
    if (!is_separator(c))
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool is_counter(const std::string& w) {
  return w.size() <= 2 && std::all_of(w.begin(), w.end(), [](unsigned char c) { return std::isdigit(c); });
}

// Length of the folder that all paths begin with.
std::size_t shared_folder(const std::vector<std::string>& paths) {
  std::string shared = paths.empty() ? "" : paths[0];
  for (const std::string& p : paths) {
    const auto end = std::mismatch(shared.begin(), shared.end(), p.begin(), p.end()).first;
    shared.erase(end, shared.end());
  }
  return shared.rfind('/') + 1;
}

// The end that all names share, from a separator on: "_classic-chrome".
std::size_t shared_suffix(const std::vector<std::string>& stems) {
  if (stems.size() < 2) return 0;
  std::size_t n = stems[0].size();
  for (const std::string& s : stems) {
    std::size_t k = 0;
    while (k < n && k < s.size() && s[s.size() - 1 - k] == stems[0][stems[0].size() - 1 - k]) ++k;
    n = k;
  }
  const std::string tail = stems[0].substr(stems[0].size() - n);
  for (std::size_t i = 0; i < tail.size(); ++i)
    if (is_separator(tail[i])) return tail.size() - i;
  return 0;
}

struct Named {
  std::string path, place, stem;  // place: below the folder that all files of the side share
};

constexpr int levels = 4;

// level 0: the name below the shared folder; 1: the name alone; 2: without suffix and words; 3: without counters too.
std::string key_of(const Named& named, std::size_t suffix, int level) {
  const std::string& stem = named.stem;
  if (level < 2) return level == 0 ? named.place : stem;
  std::vector<std::string> words = words_of(stem.substr(0, stem.size() - std::min(suffix, stem.size() - 1)));
  auto strips = [&](const std::string& w) { return is_passed_over(w) || (level == 3 && is_counter(w)); };
  while (words.size() > 1 && strips(words.back())) words.pop_back();
  while (words.size() > 1 && is_passed_over(words.front())) words.erase(words.begin());
  std::string key;
  for (const std::string& w : words) key += (level == 2 && !key.empty() ? "-" : "") + w;
  return key;
}

class NameMatcher {
 public:
  NameMatcher(const std::vector<std::string>& before, const std::vector<std::string>& after) {
    for (int side = 0; side < 2; ++side) {
      std::vector<std::string> stems;
      const std::size_t shared = shared_folder(side ? after : before);
      for (const std::string& path : side ? after : before) {
        const fs::path place(path.substr(shared));
        left_[side].push_back({path, lower((place.parent_path() / place.stem()).string()), lower(stem_of(path))});
        stems.push_back(left_[side].back().stem);
      }
      suffix_[side] = shared_suffix(stems);
    }
  }

  NameMatches match() {
    for (int level = 0; level < levels; ++level) match_level(level);
    for (const Named& n : left_[0]) out_.before.push_back(n.path);
    for (const Named& n : left_[1]) out_.after.push_back(n.path);
    return std::move(out_);
  }

 private:
  using Group = std::vector<Named>;

  void match_level(int level) {
    std::map<std::string, Group> groups[2];
    for (int side = 0; side < 2; ++side)
      for (const Named& n : left_[side]) groups[side][key_of(n, suffix_[side], level)].push_back(n);
    for (auto& [key, first] : groups[0]) {
      const auto found = groups[1].find(key);
      if (found == groups[1].end()) continue;
      Group& second = found->second;
      const bool is_clear =
          (first.size() == 1 && second.size() == 1) || (level < 3 && (first.size() == 1 || second.size() == 1));
      if (is_clear) take(first, second);
    }
  }

  // One of the groups has one file. A RAW is the better original; the shortest name the better edit.
  void take(Group& first, Group& second) {
    auto is_better = [](const Named& a, const Named& b) {
      return std::make_tuple(!is_raw_name(a.path), a.stem.size(), a.path) <
             std::make_tuple(!is_raw_name(b.path), b.stem.size(), b.path);
    };
    std::sort(first.begin(), first.end(), is_better);
    std::sort(second.begin(), second.end(), is_better);
    out_.matched.push_back({first[0].path, second[0].path});
    for (std::size_t i = 1; i < first.size(); ++i)
      out_.refused.push_back({stem_of(first[i].path),
                              fmt::format("{}: found one after file for two before files; {} is the edit of {} already",
                                          first[i].path, second[0].path, first[0].path)});
    for (std::size_t i = 1; i < second.size(); ++i)
      out_.refused.push_back({stem_of(second[i].path), fmt::format("{}: found a second edit of {}; {} is used",
                                                                   second[i].path, first[0].path, second[0].path)});
    for (const Named& n : first) std::erase_if(left_[0], [&](const Named& l) { return l.path == n.path; });
    for (const Named& n : second) std::erase_if(left_[1], [&](const Named& l) { return l.path == n.path; });
  }

  std::vector<Named> left_[2];
  std::size_t suffix_[2]{};
  NameMatches out_;
};

}  // namespace

std::string stem_of(const std::string& path) { return fs::path(path).stem().string(); }

int side_of_name(const std::string& name) {
  int side = 0;
  for (const std::string& w : words_of(lower(name)))
    side += holds(edit_words, w) ? 1 : holds(original_words, w) ? -1 : 0;
  return side > 0 ? 1 : side < 0 ? -1 : 0;
}

NameMatches match_names(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  return NameMatcher(before, after).match();
}

}  // namespace sfumato
