// SPDX-License-Identifier: Apache-2.0
#include "batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "base/file.h"
#include "base/fnv.h"
#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> read_list(const BatchOptions& o) {
  const std::string text =
      o.list == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), {}) : read_file(o.list, 1u << 30);
  std::vector<std::string> names;
  const char separator = o.zero_separated ? '\0' : '\n';
  for (std::size_t i = 0; i < text.size();) {
    const auto end = std::min(text.find(separator, i), text.size());
    // Lists from Windows end their lines in CR LF.
    const bool has_return = !o.zero_separated && end > i && text[end - 1] == '\r';
    if (end > i + has_return) names.push_back(text.substr(i, end - i - has_return));
    i = end + 1;
  }
  return names;
}

std::string canonical(const std::string& path) {
  std::error_code error;  // of an empty name
  return fs::absolute(path, error).lexically_normal().string();
}

std::vector<Found> find_inputs(const BatchOptions& o) {
  std::vector<std::string> names = o.inputs;
  if (!o.list.empty()) {
    const auto more = read_list(o);
    names.insert(names.end(), more.begin(), more.end());
  }
  std::vector<Found> found = find_files(names, o.recursive, o.kind.is_input);
  // Named twice, by itself and by its folder for example, it is one picture.
  std::set<std::string> known;
  std::erase_if(found, [&](const Found& f) { return !known.insert(canonical(f.path)).second; });
  return found;
}

void keep_shard(const std::string& shard, std::vector<Found>& found) {
  if (shard.empty()) return;
  const auto slash = shard.find('/');
  const auto i = parse_integer(shard.substr(0, slash)),
             n = parse_integer(slash == std::string::npos ? "" : shard.substr(slash + 1));
  if (!i || !n || *n < 1 || *i < 1 || *i > *n)
    throw Error(Code::usage, fmt::format("found '{}'; expected i/n with 1 <= i <= n", printable(shard)), "--shard");
  std::erase_if(found, [&](const Found& f) {
    return name_hash(f.relative) % static_cast<std::uint64_t>(*n) != static_cast<std::uint64_t>(*i - 1);
  });
}

std::string output_name(const BatchOptions& o, const Found& f) {
  const fs::path path(f.relative);
  std::string extension = path.extension().string();
  if (!extension.empty()) extension.erase(0, 1);
  if (!o.format.empty()) extension = o.format;
  if (o.format.empty() && !o.kind.is_output(f.path))
    extension = o.kind.is_input(f.path) ? o.kind.ending : o.kind.other_ending;
  const std::map<std::string, std::string> words{{"{stem}", path.stem().string()},
                                                 {"{look}", o.look},
                                                 {"{ext}", extension},
                                                 {"{dir}", path.parent_path().string()}};
  std::string name;
  for (std::size_t i = 0; i < o.name.size();) {
    const auto word = std::find_if(words.begin(), words.end(),
                                   [&](const auto& w) { return o.name.compare(i, w.first.size(), w.first) == 0; });
    if (word == words.end()) {
      if (o.name[i] == '{')
        throw Error(
            Code::usage,
            fmt::format("found '{}'; expected {{stem}}, {{look}}, {{ext}} or {{dir}}", printable(o.name.substr(i))),
            "--name");
      name += o.name[i++];
    } else {
      name += word->second;
      i += word->first.size();
    }
  }
  return name;
}

std::string output_of(const BatchOptions& o, const Found& f, bool is_folder) {
  if (!o.output.empty() && !is_folder) return o.output;
  const fs::path folder =
      o.output.empty() ? fs::path(f.path).parent_path() : fs::path(o.output) / fs::path(f.relative).parent_path();
  return (folder / output_name(o, f)).string();
}

// A picture that another one here becomes is what an earlier run wrote, not a photo to render again.
int leave_out_outputs(const BatchOptions& o, bool is_folder, std::vector<Found>& found) {
  std::map<std::string, std::string> made_from;
  for (const Found& f : found) made_from.emplace(canonical(output_of(o, f, is_folder)), f.path);
  return static_cast<int>(std::erase_if(found, [&](const Found& f) {
    const auto made = made_from.find(canonical(f.path));
    return made != made_from.end() && canonical(made->second) != canonical(f.path);
  }));
}

// A name beside `path` that is neither on the disk nor in `taken`: photo-1.jpg, photo-2.jpg ...
std::string free_name(const std::string& path, const std::map<std::string, const Job*>& taken) {
  const fs::path p(path);
  for (int i = 1;; ++i) {
    const fs::path candidate = p.parent_path() / (p.stem().string() + "-" + std::to_string(i) + p.extension().string());
    std::error_code error;
    if (!fs::exists(candidate, error) && !taken.count(canonical(candidate.string()))) return candidate.string();
  }
}

void settle_names(std::vector<Job>& jobs, IfExists if_exists) {
  std::map<std::string, const Job*> taken;
  for (Job& job : jobs) {
    const auto [other, is_new] = taken.emplace(canonical(job.output), &job);
    if (!is_new)
      throw Error(Code::usage,
                  fmt::format("found two inputs for it, {} and {}; expected one; rename one of them or, where there is "
                              "one, change --name",
                              printable(other->second->input), printable(job.input)),
                  job.output);
    check_output(job.output, job.input);
    std::error_code error;
    job.exists = fs::exists(job.output, error);
    if (job.exists && if_exists == IfExists::fail)
      job.problem = "exists already; choose --if-exists skip, overwrite, rename or update";
  }
  if (if_exists != IfExists::rename) return;
  for (Job& job : jobs) {
    if (!job.exists) continue;
    job.output = free_name(job.output, taken);
    taken.emplace(canonical(job.output), &job);
  }
}

}  // namespace

std::vector<Found> find_files(const std::vector<std::string>& names, bool recursive, IsName wanted) {
  std::vector<Found> found;
  for (const std::string& name : names) {
    std::error_code error;
    if (!fs::is_directory(name, error)) {
      found.push_back({name, fs::path(name).filename().string()});
      continue;
    }
    for (const std::string& path : list_files(name, wanted, recursive))
      found.push_back({path, fs::path(path).lexically_relative(name).string()});
  }
  return found;
}

std::uint64_t name_hash(const std::string& name) {
  const std::uint64_t h = fnv1a(name.data(), name.size());
  return h ^ (h >> 29);
}

void make_folder(const std::string& path) {
  if (path.empty()) return;
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw Error(Code::output, "cannot be made: " + error.message(), path);
}

void check_output(const std::string& output, const std::string& input) {
  std::error_code error;
  if (fs::equivalent(input, output, error) || canonical(input) == canonical(output))
    throw Error(Code::usage, "is an input as well; choose another --output or --name", output);
}

Batch plan_batch(const BatchOptions& o) {
  std::vector<Found> found = find_inputs(o);
  if (found.empty())
    throw Error(Code::usage,
                fmt::format("found no {}s; name files, or folders that hold some (-r looks deeper)", o.kind.name));
  if (o.output == "-")
    throw Error(Code::usage, "found - as output; expected a file or folder; ./- is a file of that name");
  std::error_code error;
  const bool has_folder =
      std::any_of(o.inputs.begin(), o.inputs.end(), [&](const std::string& i) { return fs::is_directory(i, error); });
  const bool says_folder = o.output.ends_with('/') || fs::is_directory(o.output, error);
  const bool has_many = found.size() > 1 || has_folder || !o.list.empty();
  if (has_many && !says_folder && o.kind.is_output(o.output))
    throw Error(
        Code::usage,
        fmt::format("is the name of one {}, but there may be several; expected a folder, ending in /", o.kind.name),
        o.output);
  const bool is_folder = !o.output.empty() && (says_folder || has_many);

  Batch batch;
  batch.kind = o.kind.name;
  batch.left_out = leave_out_outputs(o, is_folder, found);
  keep_shard(o.shard, found);
  for (const Found& f : found) {
    Job job{f.path, output_of(o, f, is_folder), {}, false};
    const std::string folder = fs::path(job.output).parent_path().string();
    if (!folder.empty() && !fs::exists(folder, error)) {
      // One output into a folder that is not there is more likely a typing error.
      if (!is_folder) throw Error(Code::output, "found no such folder; make it first", folder);
      if (std::find(batch.folders.begin(), batch.folders.end(), folder) == batch.folders.end())
        batch.folders.push_back(folder);
    }
    batch.jobs.push_back(std::move(job));
  }
  settle_names(batch.jobs, o.if_exists);
  return batch;
}

}  // namespace sfumato
