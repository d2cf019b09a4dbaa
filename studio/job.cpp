// SPDX-License-Identifier: Apache-2.0
#include "job.h"

namespace sfumato {
namespace {

constexpr std::size_t most_log = 64 << 10;
constexpr const char* state_names[]{"queued", "running", "done", "failed", "canceled"};

const char* name_of(JobState s) { return state_names[static_cast<int>(s)]; }

JobState state_of(const std::string& name) {
  for (int i = 0; i < 5; ++i)
    if (name == state_names[i]) return static_cast<JobState>(i);
  return JobState::failed;
}

}  // namespace

nlohmann::json Job::json(bool with_log) const {
  nlohmann::json j{{"id", id},
                   {"kind", kind},
                   {"state", name_of(state)},
                   {"progress", progress},
                   {"message", message},
                   {"results", nlohmann::json::array()}};
  for (std::size_t n = 0; n < results.size(); ++n) {
    const JobResult& r = results[n];
    if (!r.is_done && r.error.empty()) continue;
    nlohmann::json one{{"n", n}, {"name", r.name}, {"state", r.is_done ? "done" : "failed"}};
    if (!r.photo.empty()) one["photo"] = r.photo;
    if (!r.error.empty()) one["error"] = r.error;
    j["results"].push_back(one);
  }
  if (!title.empty()) j["title"] = title;
  if (!look.empty()) j["look"] = look;
  if (!with_log) return j;
  j["log"] = log;
  j["summary"] = summary;
  return j;
}

nlohmann::json Job::kept() const {
  nlohmann::json j{{"id", id},
                   {"kind", kind},
                   {"title", title},
                   {"request", request},
                   {"state", name_of(state)},
                   {"progress", progress},
                   {"message", message},
                   {"log", log},
                   {"summary", summary},
                   {"look", look}};
  for (const JobResult& r : results)
    j["results"].push_back(
        {{"photo", r.photo}, {"input", r.input}, {"name", r.name}, {"error", r.error}, {"done", r.is_done}});
  return j;
}

Job Job::from_kept(const nlohmann::json& j) {
  Job job;
  job.id = j.at("id"), job.kind = j.at("kind"), job.title = j.at("title");
  job.request = j.at("request");
  job.state = state_of(j.at("state"));
  job.progress = j.at("progress");
  job.message = j.at("message"), job.log = j.at("log");
  job.summary = j.at("summary"), job.look = j.at("look");
  for (const auto& r : j.value("results", nlohmann::json::array()))
    job.results.push_back({r.at("photo"), r.at("input"), r.at("name"), r.at("error"), r.at("done")});
  return job;
}

void Job::add_to_log(const std::string& line) {
  log += line + "\n";
  if (log.size() > most_log) log.erase(0, log.find('\n', log.size() - most_log) + 1);
}

}  // namespace sfumato
