// SPDX-License-Identifier: Apache-2.0
#include "job_queue.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/file.h"
#include "guard.h"
#include "http.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

constexpr const char *kept_name = "job.json", *preview_name = "preview.jpg";

std::string new_id() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("{:016x}{}", std::chrono::duration_cast<std::chrono::microseconds>(now).count(),
                     random_token().substr(0, 8));
}

}  // namespace

JobQueue::JobQueue(std::string folder, std::string program, JobKinds kinds)
    : folder_(std::move(folder)), program_(std::move(program)), kinds_(kinds) {
  fs::create_directories(folder_);
  read_kept();
  thread_ = std::thread([this] { run(); });
}

JobQueue::~JobQueue() {
  {
    std::lock_guard lock(mutex_);
    is_ending_ = true;
    if (child_) child_->stop();
  }
  changed_.notify_all();
  thread_.join();
}

void JobQueue::read_kept() {
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string path = entry.path() / kept_name;
    try {
      Job job = Job::from_kept(nlohmann::json::parse(read_file(path, 64 << 20)));
      if (job.state == JobState::running) job.state = JobState::queued;
      jobs_[job.id] = std::move(job);
    } catch (const std::exception&) {
      // Stopped while it was made. What cannot be read, such as a later version's, stays as it is.
      std::error_code ignored;
      if (!fs::exists(path)) fs::remove_all(entry.path(), ignored);
    }
  }
}

void JobQueue::keep(const Job& job) const {
  write_file_atomically(folder_of(job.id) + "/" + kept_name,
                        job.kept().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::string JobQueue::add(const nlohmann::json& request) {
  std::string id = new_id();
  try {
    Job job = kinds_.make(request, folder_of(id));
    job.id = id;
    std::lock_guard lock(mutex_);
    keep(job);
    jobs_[id] = std::move(job);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(folder_of(id), ignored);
    throw;
  }
  changed_.notify_all();
  return id;
}

Job& JobQueue::job(const std::string& id) {
  const auto at = jobs_.find(id);
  if (at == jobs_.end()) throw HttpError(404, "missing", "there is no such job");
  return at->second;
}
const Job& JobQueue::job(const std::string& id) const { return const_cast<JobQueue*>(this)->job(id); }

nlohmann::json JobQueue::json_of(const Job& j, bool with_log) const {
  nlohmann::json json = j.json(with_log);
  std::error_code none;
  const auto written = fs::last_write_time(folder_of(j.id) + "/" + preview_name, none);
  if (!none) {
    const auto since = std::chrono::file_clock::to_sys(written).time_since_epoch();
    json["preview"] = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  }
  return json;
}

nlohmann::json JobQueue::list() const {
  std::lock_guard lock(mutex_);
  nlohmann::json all = nlohmann::json::array();
  for (auto at = jobs_.rbegin(); at != jobs_.rend(); ++at) all.push_back(json_of(at->second, false));
  return all;
}

nlohmann::json JobQueue::find(const std::string& id) const {
  std::lock_guard lock(mutex_);
  return json_of(job(id), true);
}

void JobQueue::cancel(const std::string& id) {
  std::lock_guard lock(mutex_);
  Job& j = job(id);
  if (j.state == JobState::running) {
    is_canceled_ = true;
    if (child_) child_->stop();
  } else if (j.state == JobState::queued) {
    j.state = JobState::canceled;
    keep(j);
  } else {
    fs::remove_all(folder_of(id));
    jobs_.erase(id);
  }
}

void JobQueue::retry(const std::string& id) {
  std::lock_guard lock(mutex_);
  Job& j = job(id);
  if (j.is_active()) throw HttpError(409, "state", "the job has not ended yet");
  for (JobResult& r : j.results) r.error.clear();
  // What is made anew at the end.
  std::erase_if(j.results, [](const JobResult& r) { return r.input.empty(); });
  j.state = JobState::queued;
  j.message.clear();
  keep(j);
  changed_.notify_all();
}

std::string JobQueue::result_path(const std::string& id, int n) const {
  std::lock_guard lock(mutex_);
  const std::vector<JobResult>& results = job(id).results;
  if (n < 0 || n >= static_cast<int>(results.size()) || !results[static_cast<std::size_t>(n)].is_done)
    throw HttpError(404, "missing", "there is no such result");
  return folder_of(id) + "/results/" + results[static_cast<std::size_t>(n)].name;
}

std::string JobQueue::preview_path(const std::string& id) const {
  std::lock_guard lock(mutex_);
  return folder_of(job(id).id) + "/" + preview_name;
}

void JobQueue::run() {
  // The page stays quick while jobs run; children inherit it.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 5);
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    const auto next =
        std::find_if(jobs_.begin(), jobs_.end(), [](const auto& j) { return j.second.state == JobState::queued; });
    if (next == jobs_.end()) {
      changed_.wait(lock);
      continue;
    }
    const std::string id = next->first;
    lock.unlock();
    run_one(id);
    lock.lock();
  }
}

void JobQueue::run_one(const std::string& id) {
  std::unique_lock lock(mutex_);
  Job& j = job(id);  // stays: only jobs that have ended are removed
  const std::string folder = folder_of(id);
  try {
    if (j.state != JobState::queued) return;
    j.state = JobState::running;
    is_canceled_ = false;
    keep(j);
    Child child(program_, kinds_.arguments(j, folder));
    child_ = &child;
    lock.unlock();
    const int code = child.read([&](const std::string& line, bool is_error) { read_line(j, line, is_error); });
    lock.lock();
    child_ = nullptr;
    if (is_ending_) return;  // it goes on when the studio is started again
    end(j, code);
  } catch (const std::exception& e) {
    j.state = JobState::failed;
    j.message = e.what();
  }
  try {
    keep(j);
  } catch (const std::exception& e) {
    j.add_to_log(e.what());
  }
}

void JobQueue::read_line(Job& j, const std::string& line, bool is_error) noexcept {
  std::lock_guard lock(mutex_);
  try {
    const nlohmann::json record = nlohmann::json::parse(line, nullptr, false);
    if (record.is_object() && is_error && record.contains("progress")) {
      j.progress = record["progress"];
      j.message = record.value("what", std::string());
    } else if (record.is_object() && !is_error) {
      kinds_.read_record(j, folder_of(j.id), record);
      keep(j);
    } else if (!line.empty()) {
      j.add_to_log(without_folders(line, folder_of(j.id)));
    }
  } catch (const std::exception& e) {
    j.add_to_log(e.what());
  }
}

void JobQueue::end(Job& j, int code) {
  constexpr int some_refused = 3, all_refused = 4;
  // What a first run made counts when the rest is tried again.
  const bool has_results =
      std::any_of(j.results.begin(), j.results.end(), [](const JobResult& r) { return r.is_done; });
  const std::string last = j.log.empty() ? std::string() : j.log.substr(j.log.rfind('\n', j.log.size() - 2) + 1);
  if (is_canceled_) {
    j.state = JobState::canceled;
  } else if (code == 0 || code == some_refused || (code == all_refused && has_results)) {
    kinds_.finish(j, folder_of(j.id));
    j.state = JobState::done;
    j.progress = 1;
  } else {
    j.state = JobState::failed;
    j.message = last.empty() ? fmt::format("The program ended with {}.", code) : last.substr(0, last.find('\n'));
    if (j.message.starts_with("sfumato: ")) j.message.erase(0, 9);
  }
}

}  // namespace sfumato
