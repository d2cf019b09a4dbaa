// SPDX-License-Identifier: Apache-2.0
// One job as data: what was asked, how far it is, what came of it. It is kept as JSON beside its results.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sfumato {

enum class JobState { queued, running, done, failed, canceled };

struct JobResult {
  std::string photo;  // id of what it was made from; empty where there is no single one
  std::string input;  // name in the job's folder of inputs
  std::string name;   // of the file made, in the job's folder of results; of the input while there is none
  std::string error;  // not empty: refused, and why
  bool is_done = false;
};

struct Job {
  std::string id, kind, title;
  nlohmann::json request;
  JobState state = JobState::queued;
  double progress = 0;
  std::string message, log;
  std::vector<JobResult> results;
  nlohmann::json summary;  // the program's last word, such as how well a look was learned
  std::string look;        // name of the look that was learned

  // What the page sees: results of which something came, by their number `n`, which stays; the log only where it is
  // asked for.
  nlohmann::json json(bool with_log) const;
  // What is kept, and read back. Throws nlohmann::json::exception.
  nlohmann::json kept() const;
  static Job from_kept(const nlohmann::json&);

  bool is_active() const { return state == JobState::queued || state == JobState::running; }
  void add_to_log(const std::string& line);
};

}  // namespace sfumato
