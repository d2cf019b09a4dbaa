// SPDX-License-Identifier: Apache-2.0
// The manners of every command that takes many inputs: signals, progress, JSON, exit codes.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "batch.h"

namespace sfumato {

class Progress;

struct RunOptions {
  std::string if_exists = "fail", progress = "auto";
  int jobs = 1, threads = 0;
  bool dry_run = false, resume = false, json = false, fail_fast = false;

  void declare(CLI::App&);
  IfExists mode() const;
};

class BatchRun {
 public:
  explicit BatchRun(const RunOptions& o) : o_(o) {}

  // Whether a job needs no work.
  using IsCurrent = std::function<bool(const Job&)>;
  // Does one job, adding what JSON shall say. Throws Error.
  using Work = std::function<void(const Job&, nlohmann::json& record)>;

  // Prints the plan; returns the exit code.
  int dry_run(const Batch&, const IsCurrent&) const;

  // Makes the folders, does the jobs; returns the exit code.
  int run(const Batch&, const IsCurrent&, const Work&);

  // A line on standard error, from any thread.
  void say(const std::string& line);

 private:
  void do_one(const Job&, const IsCurrent&, const Work&);
  void print(const nlohmann::json&);
  int exit_code(int count) const;

  const RunOptions& o_;
  std::atomic<int> done_ = 0, skipped_ = 0, refused_ = 0, left_ = 0;
  std::atomic<int> codes_[8]{};
  std::mutex mutex_;
  Progress* progress_ = nullptr;
};

}  // namespace sfumato
