// SPDX-License-Identifier: Apache-2.0
#include "child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>

#include "base/process.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// Lines of a pipe; the last need not end.
class Lines {
 public:
  Lines(int fd, bool is_error, const Child::Use& use) : fd_(fd), is_error_(is_error), use_(use) {}

  // False at the end.
  bool read_some() {
    char buffer[4096];
    const ssize_t n = read(fd_, buffer, sizeof buffer);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (n <= 0) {
      if (!rest_.empty()) use_(rest_, is_error_);
      return false;
    }
    for (ssize_t i = 0; i < n; ++i) {
      if (buffer[i] != '\n') {
        if (rest_.size() < most) rest_ += buffer[i];
        continue;
      }
      use_(rest_, is_error_);
      rest_.clear();
    }
    return true;
  }

 private:
  static constexpr std::size_t most = 1 << 22;
  const int fd_;
  const bool is_error_;
  const Child::Use& use_;
  std::string rest_;
};

}  // namespace

Child::Child(const std::string& program, const std::vector<std::string>& arguments) {
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0) throw Error(Code::resource, "too few descriptors are left for a child process");
  if (pipe2(err, O_CLOEXEC) != 0) {
    close(out[0]), close(out[1]);
    throw Error(Code::resource, "too few descriptors are left for a child process");
  }
  std::vector<std::string> command{program};
  command.insert(command.end(), arguments.begin(), arguments.end());
  out_ = out[0], err_ = err[0];
  try {
    pid_ = start_program(command, {"sfumato", -1, out[1], err[1]});
  } catch (...) {
    for (const int end : {out[0], out[1], err[0], err[1]}) close(end);
    throw;
  }
  close(out[1]), close(err[1]);
}

Child::~Child() {
  if (!is_waited_for_) {
    kill(pid_, SIGKILL);
    wait_for(pid_);
  }
  close(out_), close(err_);
}

int Child::read(const Use& use) {
  Lines lines[2]{{out_, false, use}, {err_, true, use}};
  pollfd polls[2]{{out_, POLLIN, 0}, {err_, POLLIN, 0}};
  std::optional<std::chrono::steady_clock::time_point> must_end;
  while (polls[0].fd >= 0 || polls[1].fd >= 0) {
    if (poll(polls, 2, 200) < 0 && errno != EINTR) break;
    if (is_stopping_) {
      if (!must_end) must_end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
      if (std::chrono::steady_clock::now() > *must_end) kill(pid_, SIGKILL);
    }
    for (int i = 0; i < 2; ++i)
      if (polls[i].fd >= 0 && polls[i].revents && !lines[i].read_some()) polls[i].fd = -1;
  }
  const int code = wait_for(pid_);
  is_waited_for_ = true;
  return code;
}

void Child::stop() {
  is_stopping_ = true;
  kill(pid_, SIGTERM);
}

void run_program(const std::string& program, const std::vector<std::string>& arguments) {
  std::string said;
  Child child(program, arguments);
  const int code = child.read([&](const std::string& line, bool is_error) {
    if (is_error && said.size() < 4000) said += (said.empty() ? "" : "\n") + line;
  });
  if (code == 0) return;
  if (said.starts_with("sfumato: ")) said.erase(0, 9);
  for (const Code known : {Code::usage, Code::input, Code::output, Code::resource, Code::look})
    if (static_cast<int>(known) == code) throw Error(known, said);
  if (code == 4) throw Error(Code::input, said);  // none done
  throw Error(Code::bug, fmt::format("the program ended with {}: {}", code, said));
}

}  // namespace sfumato
