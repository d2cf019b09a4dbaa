// SPDX-License-Identifier: Apache-2.0
// A bar on standard error, when that is a terminal; or lines for programs.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace sfumato {

class Progress {
 public:
  // mode: "auto" (a bar on a terminal), "bar", "lines" (JSON) or "none". total 0: work that is not counted, see show().
  Progress(const std::string& mode, int total);
  ~Progress();
  void step(const std::string& name);
  // How much of the whole is done, 0..1.
  void show(double share, const std::string& what);
  // Clears the bar, so that a message gets a line of its own.
  void clear();

 private:
  void draw(double share, const std::string& done, const std::string& what) const;

  const bool is_bar_, is_lines_;
  const int total_;
  int done_ = 0;
  std::mutex mutex_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace sfumato
