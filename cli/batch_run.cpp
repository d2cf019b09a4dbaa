// SPDX-License-Identifier: Apache-2.0
#include "batch_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>

#include "base/text.h"
#include "base/threads.h"
#include "checks.h"
#include "command.h"
#include "progress.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

volatile std::sig_atomic_t stopping = 0;

// The first signal lets the pictures at work finish; one that comes later than a supervisor's echo ends the program.
void on_stop_signal(int signal) {
  static std::atomic<long> first = 0;
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const long ms = now.tv_sec * 1000 + now.tv_nsec / 1000000;
  if (!stopping) {
    first = ms;
    stopping = 1;
  } else if (ms - first > 300) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

const std::map<std::string, IfExists> modes{{"fail", IfExists::fail},
                                            {"skip", IfExists::skip},
                                            {"overwrite", IfExists::overwrite},
                                            {"rename", IfExists::rename},
                                            {"update", IfExists::update}};

}  // namespace

void declare_inputs(CLI::App& app, BatchOptions& batch) {
  app.add_option("inputs", batch.inputs, fmt::format("Files or folders of {}s", batch.kind.name));
  app.add_option("--output,-o", batch.output,
                 "A file; or a folder, if it ends in /, exists, or several go there. Default: beside each input")
      ->check(not_empty());
  app.add_option("--name", batch.name, "Names of outputs in a folder; {stem}, {look}, {ext} and {dir} are filled in")
      ->capture_default_str();
  app.add_flag("--recursive,-r", batch.recursive, "Look into folders within folders");
  app.add_option("--from-file", batch.list, "Read names of inputs from a file, one per line; - is standard input");
  app.add_flag("--null,-0", batch.zero_separated, "Names in --from-file end in NUL");
  app.add_option("--shard", batch.shard, "i/n: only the i-th of n parts of the inputs, by a hash of their names");
}

void RunOptions::declare(CLI::App& app) {
  app.add_option("--if-exists", if_exists,
                 "What to do with outputs that exist; update renders where the input or the look changed")
      ->check(CLI::IsMember({"fail", "skip", "overwrite", "rename", "update"}))
      ->capture_default_str();
  app.add_flag("--dry-run", dry_run, "Say what would be done");
  app.add_flag("--resume", resume, "Skip outputs that an earlier run of the same command finished");
  app.add_flag("--fail-fast", fail_fast, "Stop at the first refused input");
  app.add_option("--jobs,-j", jobs, "Inputs at a time")->check(within(1, 256))->capture_default_str();
  app.add_option("--threads", threads, "Threads per input; 0: one per processor")
      ->check(within(0, 256))
      ->capture_default_str();
  app.add_flag("--json", json, "One JSON object per input on standard output, then a summary");
  app.add_option("--progress", progress, "auto: a bar on terminals; lines: JSON on standard error, for programs")
      ->check(CLI::IsMember({"auto", "bar", "lines", "none"}))
      ->capture_default_str();
}

IfExists RunOptions::mode() const { return modes.at(if_exists); }

Verdict RunOptions::judge(const Job& job, const std::string& key, const RecordedKey& recorded) const {
  if (!job.exists || mode() == IfExists::overwrite) return {false, job.problem};
  if (mode() == IfExists::skip) return {true, {}};
  if (!resume && mode() != IfExists::update) return {false, job.problem};
  const std::optional<std::string> made_from = recorded(job.output);
  std::error_code error;
  if (made_from == key && fs::last_write_time(job.output, error) >= fs::last_write_time(job.input, error))
    return {true, {}};
  // Resumed and updating runs render anew what an earlier one made of another look or input; what others made stays.
  if (made_from) return {};
  return {false, mode() == IfExists::update ? "exists and was not made by this program; choose --if-exists overwrite"
                                            : job.problem};
}

void BatchRun::tell_left_out(const Batch& batch) {
  if (batch.left_out > 0)
    say(fmt::format("sfumato: {} {}s left out: they are outputs of others here", batch.left_out, batch.kind));
}

int BatchRun::dry_run(const Batch& batch, const Judge& judge) {
  tell_left_out(batch);
  for (const Job& job : batch.jobs) {
    Verdict verdict = judge(job);
    if (access(job.input.c_str(), R_OK) != 0) verdict.problem = "the input cannot be read";
    if (!verdict.problem.empty()) {
      ++refused_;
      ++codes_[Code::input];
    } else {
      ++(verdict.is_current ? skipped_ : done_);
    }
    const std::string status = !verdict.problem.empty() ? "refused" : verdict.is_current ? "skipped" : "would be done";
    if (o_.json)
      print({{"input", job.input}, {"output", job.output}, {"status", status}, {"problem", verdict.problem}});
    else
      fmt::print("{} -> {}{}\n", printable(job.input), printable(job.output),
                 !verdict.problem.empty() ? "  (" + verdict.problem + ")"
                 : verdict.is_current     ? "  (up to date)"
                                          : "");
  }
  return finish(static_cast<int>(batch.jobs.size()));
}

int BatchRun::run(const Batch& batch, const Judge& judge, const Work& work) {
  tell_left_out(batch);
  for (const std::string& folder : batch.folders) make_folder(folder);
  const int count = count_ = static_cast<int>(batch.jobs.size());
  // One picture: the signal ends the program, and nothing is left behind. Several: the one at work is finished.
  if (count > 1 || work_stops_)
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      struct sigaction action {};
      action.sa_handler = on_stop_signal;
      action.sa_flags = SA_RESTART;
      sigaction(signal, &action, nullptr);
    }
  {
    Progress progress(o_.progress, count);
    progress_ = &progress;
    parallel_for(count, std::max(1, o_.jobs), [&](int i) {
      if (stopping || (o_.fail_fast && refused_ > 0)) {
        ++left_;
        return;
      }
      do_one(batch.jobs[i], judge, work);
      progress.step(batch.jobs[i].output);
    });
    progress_ = nullptr;
  }
  return finish(count);
}

void BatchRun::show(double share, const std::string& what) {
  if (progress_) progress_->show((done_ + skipped_ + refused_ + share) / count_, what);
}

bool BatchRun::is_stopping() { return stopping != 0; }

int BatchRun::finish(int count) {
  const int code = exit_code();
  if (o_.json)
    print({{"done", done_.load()},
           {"skipped", skipped_.load()},
           {"refused", refused_.load()},
           {"left", left_.load()},
           {"exit", code}});
  if (stopping)
    say(fmt::format("sfumato: stopped; {} of {} left; the same command with --resume goes on", left_.load(), count));
  return code;
}

void BatchRun::do_one(const Job& job, const Judge& judge, const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  nlohmann::json record{{"input", job.input}, {"output", job.output}};
  try {
    const Verdict verdict = judge(job);
    if (!verdict.problem.empty()) throw Error(Code::input, verdict.problem, job.output);
    if (verdict.is_current) {
      ++skipped_;
      record["status"] = "skipped";
    } else {
      work(job, record);
      ++done_;
      record["status"] = "done";
    }
  } catch (const std::exception&) {
    const Error e = current_error();
    ++refused_;
    {
      std::lock_guard lock(mutex_);
      ++codes_[e.code()];
    }
    record.update({{"status", "refused"}, {"error", {{"code", static_cast<int>(e.code())}, {"message", e.what()}}}});
    say(fmt::format("sfumato: {}", e.where().empty() ? job.input + ": " + e.what() : e.what()));
  }
  record["ms"] =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
  if (o_.json) print(record);
}

void BatchRun::say(const std::string& line) {
  std::lock_guard lock(mutex_);
  if (progress_) progress_->clear();
  fmt::print(stderr, "{}\n", printable(line));
}

void BatchRun::print(const nlohmann::json& record) {
  std::lock_guard lock(mutex_);
  // Names that are not UTF-8 cannot stand in JSON; their bytes are replaced.
  fmt::print("{}\n", record.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  std::fflush(stdout);
}

int BatchRun::exit_code() const {
  auto of = [&](Code code) { return codes_.count(code) ? codes_.at(code) : 0; };
  auto number = [](Code code) { return static_cast<int>(code); };
  if (stopping) return number(Code::stopped);
  if (refused_ == 0) return 0;
  for (const Code code : {Code::bug, Code::output})
    if (of(code) > 0) return number(code);
  if (done_ + skipped_ > 0) return 3;
  for (const Code code : {Code::resource, Code::look})
    if (of(code) == refused_) return number(code);
  return 4;
}

}  // namespace sfumato
