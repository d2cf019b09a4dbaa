// SPDX-License-Identifier: Apache-2.0
// A bar on standard error, when that is a terminal.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace sfumato {

class Progress {
 public:
  // mode: "auto" (only on a terminal), "bar" or "none".
  Progress(const std::string& mode, int total);
  ~Progress();
  void step(const std::string& name);
  // Clears the bar, so that a message gets a line of its own.
  void clear();

 private:
  const bool is_on_;
  const int total_;
  int done_ = 0;
  std::mutex mutex_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace sfumato
