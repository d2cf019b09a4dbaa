// SPDX-License-Identifier: Apache-2.0
#include "job_kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/text.h"
#include "http.h"
#include "look/learned_file.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_photos = 20'000;
constexpr const char *inputs = "inputs", *results = "results", *look_file = "look.safetensors";

// What a page may set of each kind; the program checks the values.
const std::map<std::string, std::set<std::string>> options{
    {"batch", {"format", "quality", "bits", "icc", "dither"}},
    {"match", {"strength", "protection", "method", "only", "edges", "regions", "series", "format", "quality", "bits"}},
    {"paint",
     {"balance", "brush", "style_scale", "size", "uniformity", "seed", "keep_colors", "format", "quality", "bits"}},
    {"learn", {"model", "local", "grain", "focus", "steps", "template", "strength", "protection", "method", "only"}}};

std::string option_value(const std::string& name, const nlohmann::json& value) {
  if (value.is_number_integer()) return std::to_string(value.get<long long>());
  if (value.is_number()) return format_number(value.get<float>());
  const std::string text = value.is_string() ? value.get<std::string>() : std::string();
  // Words, never paths.
  if (text.empty() || text[0] == '-' ||
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    throw HttpError(400, "usage", "expected a number or a word", name);
  return text;
}

std::vector<std::string> option_words(const std::string& kind, const nlohmann::json& request) {
  std::vector<std::string> words;
  const nlohmann::json chosen = request.value("options", nlohmann::json::object());
  for (const auto& [name, value] : chosen.items()) {
    if (!options.at(kind).count(name))
      throw HttpError(400, "usage", "found an option that " + kind + " does not have", printable(name));
    if (value.is_null() || value == "" || value == false) continue;
    std::string flag = "--" + name;
    std::replace(flag.begin(), flag.end(), '_', '-');
    words.push_back(value == true ? flag : flag + "=" + option_value(name, value));
  }
  return words;
}

// Photos under the names they came with, each stem once, since outputs are named by stems.
class LinkFolder {
 public:
  explicit LinkFolder(fs::path folder) : folder_(std::move(folder)) { fs::create_directories(folder_); }

  std::string add(const StoredPhoto& photo) {
    const fs::path name(photo.name);
    std::string stem = name.stem().string();
    for (int i = 2; !stems_.insert(stem).second; ++i) stem = fmt::format("{}-{}", name.stem().string(), i);
    const std::string linked = stem + name.extension().string();
    fs::create_hard_link(photo.path, folder_ / linked);
    return linked;
  }

 private:
  const fs::path folder_;
  std::set<std::string> stems_;
};

std::vector<std::string> ids_of(const nlohmann::json& request, const char* name) {
  const auto at = request.find(name);
  if (at == request.end()) return {};
  std::vector<std::string> ids = at->is_string() ? std::vector<std::string>{*at} : at->get<std::vector<std::string>>();
  if (ids.size() > most_photos)
    throw HttpError(400, "usage", fmt::format("found {} photos; expected at most {}", ids.size(), most_photos), name);
  return ids;
}

bool learns_from_pairs(const nlohmann::json& request) { return request.contains("before"); }

}  // namespace

std::string without_folders(std::string text, const std::string& folder) {
  for (const std::string& part : {folder + "/" + inputs + "/", folder + "/" + results + "/", folder + "/"})
    for (std::size_t at; (at = text.find(part)) != std::string::npos;) text.erase(at, part.size());
  return text;
}

Job JobKinds::make(const nlohmann::json& request, const std::string& folder) const {
  Job job;
  job.kind = request.at("kind");
  if (!options.count(job.kind)) throw HttpError(400, "usage", "expected batch, match, paint or learn", "kind");
  job.title = request.value("title", std::string());
  job.request = request;
  option_words(job.kind, request);
  auto link_all = [&](const char* ids, const char* into) {
    LinkFolder links(fs::path(folder) / into);
    std::vector<std::pair<std::string, std::string>> linked;  // id, name
    for (const std::string& id : ids_of(request, ids)) linked.emplace_back(id, links.add(photos_.find(id)));
    return linked;
  };
  auto expect = [&](std::size_t count, const char* name) {
    if (count == 0) throw HttpError(400, "usage", "expected a photo", name);
  };
  if (job.kind == "learn" && learns_from_pairs(request)) {
    expect(link_all("before", "before").size(), "before");
    expect(link_all("after", "after").size(), "after");
  } else {
    const auto photos = link_all("photos", inputs);
    expect(photos.size(), "photos");
    for (const auto& [id, name] : photos) job.results.push_back({id, name, name, {}, false});
    if (job.kind == "batch") wishes_.read(request);
    if (job.kind == "paint") expect(link_all("style", "style").size(), "style");
    if (job.kind == "match" || job.kind == "learn") expect(link_all("reference", "reference").size(), "reference");
  }
  fs::create_directories(fs::path(folder) / results);
  return job;
}

std::vector<std::string> JobKinds::arguments(const Job& job, const std::string& folder) const {
  const std::string output = folder + "/" + results + "/";
  const std::vector<std::string> chosen = option_words(job.kind, job.request);
  std::vector<std::string> words;
  auto add = [&](const std::vector<std::string>& more) { words.insert(words.end(), more.begin(), more.end()); };
  auto each_in = [&](const char* part, const char* flag) {
    for (const auto& entry : fs::directory_iterator(fs::path(folder) / part)) add({flag, entry.path().string()});
  };
  if (job.kind == "learn" && learns_from_pairs(job.request)) {
    add({"learn", folder + "/before", folder + "/after", "-o", output + look_file, "--report", output + "report.html",
         "--overwrite", "--json", "--progress", "lines"});
    if (!job.title.empty()) add({"--title=" + job.title});
    add(chosen);
    return words;
  }
  const bool is_learn = job.kind == "learn";
  add({job.kind == "batch" ? "render" : is_learn ? "match" : job.kind});
  for (const JobResult& r : job.results)
    // One table for all photos needs all of them.
    if (!r.is_done || is_learn) add({folder + "/" + inputs + "/" + r.input});
  if (job.kind == "batch") add(wishes_.arguments(wishes_.read(job.request)));
  if (job.kind == "paint") {
    each_in("style", "--style");
    add({"--preview", folder + "/preview.jpg"});
  }
  if (job.kind == "match" || is_learn) each_in("reference", "--reference");
  if (is_learn) {
    add({"--save-look", output + look_file});
    if (job.results.size() > 1) add({"--series"});
  }
  add(chosen);
  add({"-o", output, "--if-exists", "overwrite", "--json", "--progress", "none"});
  return words;
}

void JobKinds::read_record(Job& job, const std::string& folder, const nlohmann::json& record) const {
  if (!record.contains("status")) {
    job.summary = record;
    return;
  }
  const std::string input = fs::path(record.at("input").get<std::string>()).filename();
  std::size_t finished = 0;
  for (JobResult& r : job.results) {
    if (r.input == input) {
      r.is_done = record["status"] != "refused";
      r.name = r.is_done ? fs::path(record.at("output").get<std::string>()).filename().string() : input;
      r.error = r.is_done ? std::string() : without_folders(record.at("error").at("message"), folder);
    }
    finished += r.is_done || !r.error.empty();
  }
  job.progress = static_cast<double>(finished) / static_cast<double>(job.results.size());
  job.message = fmt::format("{} of {}", finished, job.results.size());
}

void JobKinds::finish(Job& job, const std::string& folder) const {
  if (job.kind != "learn") return;
  const std::string made = folder + "/" + results + "/" + look_file;
  const std::string title = job.title.empty() ? "My look" : job.title;
  const std::string name = looks_.free_name(title);
  if (learns_from_pairs(job.request)) {
    fs::copy_file(made, looks_.new_path(name, ".safetensors"));
    for (const char* file : {look_file, "report.html"}) job.results.push_back({{}, {}, file, {}, true});
  } else {
    Look look = find_look(made);
    look.title = title;
    write_look(looks_.new_path(name, ".safetensors"), look, {});
    job.results.push_back({{}, {}, look_file, {}, true});
  }
  job.look = name;
  job.message = fmt::format("“{}” is among the looks.", title);
}

}  // namespace sfumato
