// SPDX-License-Identifier: Apache-2.0
// Jobs one after the other, each in a child process and a folder of its own. The queue is what lies in the folder: it
// goes on where it was after the studio, or the computer, was stopped.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "child.h"
#include "job_kinds.h"

namespace sfumato {

class JobQueue {
 public:
  JobQueue(std::string folder, std::string program, JobKinds kinds);
  ~JobQueue();

  // Throws HttpError, Error.
  std::string add(const nlohmann::json& request);
  // The latest first.
  nlohmann::json list() const;
  // Throw HttpError 404.
  nlohmann::json find(const std::string& id) const;
  void cancel(const std::string& id);  // of one that has ended: removes it
  void retry(const std::string& id);   // what is not done yet
  // The file of the n-th result that the page sees, and its name.
  std::string result_path(const std::string& id, int n) const;
  std::string preview_path(const std::string& id) const;

 private:
  nlohmann::json json_of(const Job&, bool with_log) const;  // with "preview", when that was written, where there is one
  std::string folder_of(const std::string& id) const { return folder_ + "/" + id; }
  Job& job(const std::string& id);
  const Job& job(const std::string& id) const;
  void keep(const Job&) const;
  void read_kept();
  void run();
  void run_one(const std::string& id);
  void read_line(Job&, const std::string& line, bool is_error) noexcept;
  void end(Job&, int exit_code);

  const std::string folder_, program_;
  const JobKinds kinds_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Job> jobs_;  // ids begin with the time
  Child* child_ = nullptr;           // of the job that runs
  bool is_ending_ = false, is_canceled_ = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace sfumato
