// SPDX-License-Identifier: Apache-2.0
#include "base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sfumato/error.h"

namespace sfumato {
namespace {

// Only what is safe after fork() in a program with threads.
[[noreturn]] void become(const char* program, char* const* words, const ProgramStart& start) {
  signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (start.has_own_group) setpgid(0, 0);
  dup2(start.in >= 0 ? start.in : open("/dev/null", O_RDONLY), 0);
  if (start.out >= 0) dup2(start.out, 1);
  if (start.err >= 0) dup2(start.err, 2);
  if (start.kept >= 0) fcntl(start.kept, F_SETFD, 0);
  execvp(program, words);
  _exit(127);
}

[[noreturn]] void refuse() {
  throw Error(Code::resource, std::string("a child process cannot be started: ") + std::strerror(errno));
}

}  // namespace

pid_t start_program(const std::vector<std::string>& command, const ProgramStart& start) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const char* const program = words[0];
  if (!start.name.empty()) words[0] = const_cast<char*>(start.name.c_str());
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, start.has_own_group ? SIGKILL : SIGTERM);
    if (getppid() != parent) _exit(127);
    become(program, words.data(), start);
  }
  if (pid < 0) refuse();
  return pid;
}

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Process::Process(const std::vector<std::string>& command, Pipe direction, int kept) {
  const bool reads = direction == Pipe::from;
  int ends[2];
  // A socket can be written to without a signal when nobody reads.
  const int made = reads ? pipe2(ends, O_CLOEXEC) : socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
  if (made != 0) refuse();
  if (reads) fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);  // fewer turns; the usual size does as well
  pipe_ = ends[0];
  err_ = memfd_create("stderr", MFD_CLOEXEC);
  try {
    pid_ = start_program(command, {{}, reads ? -1 : ends[1], reads ? ends[1] : err_, err_, kept, true});
  } catch (...) {
    close(ends[0]), close(ends[1]), close(err_);
    throw;
  }
  close(ends[1]);
}

Process::~Process() {
  if (pid_ >= 0) {
    kill(pid_, SIGKILL);
    wait_for(pid_);
  }
  if (pipe_ >= 0) close(pipe_);
  close(err_);
}

std::size_t Process::read(std::span<std::byte> bytes) {
  std::size_t count = 0;
  while (count < bytes.size()) {
    const ssize_t n = ::read(pipe_, bytes.data() + count, bytes.size() - count);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    count += static_cast<std::size_t>(n);
  }
  return count;
}

std::string Process::read_all() {
  std::string text;
  char buffer[1 << 14];
  while (const std::size_t n = read(std::as_writable_bytes(std::span(buffer)))) text.append(buffer, n);
  return text;
}

bool Process::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = send(pipe_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

int Process::finish() {
  if (pipe_ >= 0) close(pipe_);
  pipe_ = -1;
  const int code = pid_ >= 0 ? wait_for(pid_) : 0;
  pid_ = -1;
  return code;
}

std::string Process::said() const {
  std::string text(4000, '\0');
  const ssize_t n = pread(err_, text.data(), text.size(), 0);
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace sfumato
