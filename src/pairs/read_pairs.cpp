// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>

#include "base/fnv.h"
#include "base/threads.h"
#include "files/picture_names.h"
#include "pairs/assemble.h"
#include "pairs/match.h"
#include "pairs/pair.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_of(const std::string& path, bool recursive) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    if (!fs::exists(path, error)) throw Error(Code::input, "found no such file or folder; expected pictures", path);
    return {path};
  }
  const std::vector<std::string> files = list_pictures(path, recursive);
  if (files.empty())
    throw Error(Code::input,
                recursive ? "found no pictures in the folder"
                          : "found no pictures in the folder; folders within it are looked into with --recursive",
                path);
  return files;
}

class Reader {
 public:
  Reader(const std::string& before, const std::string& after, const PairOptions& options)
      : folders_{before, after}, options_(options) {}

  PairSet read() {
    std::error_code error;
    const bool is_folder = fs::is_directory(folders_[0], error);
    if (is_folder && fs::equivalent(folders_[0], folders_[1], error))
      throw Error(Code::input, "is given as before and as after; expected two folders", folders_[0]);
    const std::vector<std::string> before = files_of(folders_[0], options_.recursive),
                                   after = files_of(folders_[1], options_.recursive);
    NameMatches names;
    if (before.size() == 1 && after.size() == 1)
      names.matched = {{before[0], after[0]}};
    else
      names = match_names(before, after);
    set_.refused = names.refused;
    const bool may_search = before.size() > 1 || after.size() > 1;
    assemble_all(names.matched, may_search ? &names : nullptr);
    if (!names.before.empty() && !names.after.empty()) search_content(names);
    for (const std::string& path : names.before)
      refuse(path, fmt::format("{}: found no edit of it among the {} after files, neither by name nor by content", path,
                               after.size()));
    for (const std::string& path : names.after)
      refuse(path, fmt::format("{}: found no original of it among the {} before files, neither by name nor by content",
                               path, before.size()));
    drop_repeated();
    warn_of_swapped(set_.pairs.size());
    finish();
    return std::move(set_);
  }

 private:
  void refuse(const std::string& path, std::string reason) {
    set_.refused.push_back({stem_of(path), std::move(reason)});
  }

  // Pairs by name that show different things go to `pool`, to be matched by content.
  void assemble_all(const std::vector<FileMatch>& matches, NameMatches* pool, const char* note = nullptr) {
    std::vector<Assembled> all(matches.size());
    parallel_for(static_cast<int>(matches.size()), options_.threads,
                 [&](int i) { all[i] = assemble(matches[i], options_); });
    for (std::size_t i = 0; i < all.size(); ++i) {
      swapped_ += all[i].swapped_evidence;
      if (all[i].shows_another_scene && pool) {
        pool->before.push_back(matches[i].before);
        pool->after.push_back(matches[i].after);
        misnamed_.push_back({matches[i], all[i].refusal});
      } else if (!all[i].refusal.empty()) {
        refuse(matches[i].before, all[i].refusal);
      } else {
        if (note) all[i].pair.notes.insert(all[i].pair.notes.begin(), note);
        set_.pairs.push_back(std::move(all[i].pair));
      }
    }
  }

  void search_content(NameMatches& left) {
    const std::vector<FileMatch> found = match_content(left.before, left.after, options_.threads);
    assemble_all(found, nullptr, "matched by content: the names say nothing");
    for (const FileMatch& m : found) {
      std::erase(left.before, m.before);
      std::erase(left.after, m.after);
    }
    // A pair by name that content does not mend is one refusal, not two.
    for (const auto& [files, refusal] : misnamed_) {
      if (std::erase(left.before, files.before) == 0) continue;
      refuse(files.before, refusal);
      std::erase(left.after, files.after);
    }
  }

  void drop_repeated() {
    std::map<std::uint64_t, std::string> seen;
    std::erase_if(set_.pairs, [&](const Pair& p) {
      const auto& b = p.before.bytes();
      const auto& a = p.after.bytes();
      const auto [first, is_new] = seen.emplace(fnv1a(a.data(), a.size(), fnv1a(b.data(), b.size())), p.before_path);
      if (!is_new)
        refuse(p.before_path,
               fmt::format("{}: found the same pictures as in {}; one pair counts once", p.before_path, first->second));
      return !is_new;
    });
  }

  void warn_of_swapped(std::size_t pairs) {
    // Folders named rightly prove nothing about their files.
    swapped_ += std::max(0, side_of_name(fs::path(folders_[0]).filename().string())) +
                std::max(0, -side_of_name(fs::path(folders_[1]).filename().string()));
    if (swapped_ > 0 && swapped_ * 2 >= static_cast<int>(pairs))
      set_.warnings.push_back(
          fmt::format("before and after look swapped: {} is named, or holds files that are named or recorded, as edits "
                      "of what is in {}; change their order if so",
                      folders_[0], folders_[1]));
  }

  void finish() {
    auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
    std::stable_sort(set_.pairs.begin(), set_.pairs.end(), by_name);
    std::stable_sort(set_.refused.begin(), set_.refused.end(), by_name);
    if (!set_.pairs.empty()) return;
    std::string reasons;
    for (std::size_t i = 0; i < set_.refused.size() && i < 3; ++i) reasons += "; " + set_.refused[i].reason;
    if (set_.refused.size() > 3) reasons += fmt::format("; and {} more", set_.refused.size() - 3);
    throw Error(Code::input, "found no usable pair" + reasons, folders_[0] + " and " + folders_[1]);
  }

  const std::string folders_[2];
  const PairOptions& options_;
  PairSet set_;
  std::vector<std::pair<FileMatch, std::string>> misnamed_;  // and why they are no pair
  int swapped_ = 0;
};

std::string lower_name(const fs::path& path) {
  std::string name = path.filename().string();
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

}  // namespace

PairSet read_pairs(const std::string& before, const std::string& after, const PairOptions& options) {
  return Reader(before, after, options).read();
}

PairSet read_dataset(const std::string& root, const PairOptions& options) {
  std::string before, after;
  const std::string letter(1, static_cast<char>(std::tolower(static_cast<unsigned char>(options.expert))));
  std::error_code error;
  for (fs::directory_iterator i(root, error), end; i != end && !error; i.increment(error)) {
    if (!i->is_directory()) continue;
    const std::string name = lower_name(i->path());
    if (name == "before" || name == "input" || name.find("inputzeroed") != std::string::npos)
      before = i->path().string();
    if (name == "after" || name == "expert" + letter || name == "expert_" + letter || name == "expert " + letter)
      after = i->path().string();
  }
  if (before.empty() || after.empty())
    throw Error(Code::input,
                fmt::format("found {}; expected before/ and after/, or input/ and expert{}/",
                            before.empty() ? "no folder of inputs" : "inputs but no edits of them", options.expert),
                root);
  return read_pairs(before, after, options);
}

}  // namespace sfumato
