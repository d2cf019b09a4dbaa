// SPDX-License-Identifier: Apache-2.0
// The program itself as a child process: a crash there costs one piece of work, and what it does is what the command
// line does.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace sfumato {

class Child {
 public:
  // Starts PROGRAM with these arguments; it dies with the thread that starts it. Throws Code::resource.
  Child(const std::string& program, const std::vector<std::string>& arguments);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Calls use() with each line of standard output and of standard error until both end; returns the exit code,
  // 128 + n after signal n.
  using Use = std::function<void(const std::string& line, bool is_error)>;
  int read(const Use& use);
  // From another thread: asks it to stop; after two seconds it must.
  void stop();

 private:
  pid_t pid_;
  int out_, err_;
  bool is_waited_for_ = false;
  std::atomic<bool> is_stopping_ = false;
};

// Runs it to the end. Throws Error with the code that it ended with and what it said.
void run_program(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace sfumato
