// SPDX-License-Identifier: Apache-2.0
// The manners of every command that takes many inputs: signals, progress, JSON, exit codes.
#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "batch.h"
#include "sfumato/error.h"

namespace sfumato {

class Progress;

struct Verdict {
  bool is_current = false;  // needs no work
  std::string problem;      // not empty: refused
};
// What an output says it was made from; nothing: it is not of this program.
using RecordedKey = std::function<std::optional<std::string>(const std::string& output)>;

// Which inputs, and where their outputs go.
void declare_inputs(CLI::App&, BatchOptions&);

struct RunOptions {
  std::string if_exists = "fail", progress = "auto";
  int jobs = 1, threads = 0;
  bool dry_run = false, resume = false, json = false, fail_fast = false;

  void declare(CLI::App&);
  IfExists mode() const;
  // Whether an output is up to date, or not ours to replace. `key` identifies what it shall be made from.
  Verdict judge(const Job&, const std::string& key, const RecordedKey&) const;
};

class BatchRun {
 public:
  explicit BatchRun(const RunOptions& o) : o_(o) {}

  using Judge = std::function<Verdict(const Job&)>;
  // Does one job, adding what JSON shall say. Throws Error.
  using Work = std::function<void(const Job&, nlohmann::json& record)>;

  // Prints the plan; returns the exit code.
  int dry_run(const Batch&, const Judge&);

  // Makes the folders, does the jobs; returns the exit code.
  int run(const Batch&, const Judge&, const Work&);

  // A line on standard error, from any thread.
  void say(const std::string& line);
  // How much of the input at work is done.
  void show(double share, const std::string& what);
  // For work that leaves what it has when asked: a signal no longer ends the program at the only picture.
  void let_work_stop() { work_stops_ = true; }
  static bool is_stopping();

 private:
  void do_one(const Job&, const Judge&, const Work&);
  void print(const nlohmann::json&);
  void tell_left_out(const Batch&);
  int finish(int count);
  int exit_code() const;

  const RunOptions& o_;
  std::atomic<int> done_ = 0, skipped_ = 0, refused_ = 0, left_ = 0;
  std::map<Code, int> codes_;  // of what was refused
  std::mutex mutex_;
  Progress* progress_ = nullptr;
  int count_ = 1;  // of inputs
  bool work_stops_ = false;
};

}  // namespace sfumato
