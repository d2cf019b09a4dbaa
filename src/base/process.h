// SPDX-License-Identifier: Apache-2.0
// Other programs as child processes. They end with the thread that started them, and signals that a terminal sends to
// this program do not reach those that have a group of their own.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace sfumato {

struct ProgramStart {
  std::string name = {};            // as the program sees itself; empty: as it is called
  int in = -1, out = -1, err = -1;  // what its standard streams are; -1: nothing is read, or this program's own
  int kept = -1;                    // a descriptor that it finds under the same number
  bool has_own_group = false;  // and is killed with us instead of asked to end
};

// `command`: a program, sought in PATH, and its arguments. The process exits with 127 where there is no such program.
// Throws Code::resource.
pid_t start_program(const std::vector<std::string>& command, const ProgramStart&);

// Its exit code; 128 + n after signal n.
int wait_for(pid_t);

// A program at the other end of one pipe.
class Process {
 public:
  enum class Pipe { from, to };  // we read what it prints, or write what it reads

  // `kept`: see ProgramStart. Throws Code::resource.
  Process(const std::vector<std::string>& command, Pipe, int kept = -1);
  // Kills it unless it was waited for.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Fills all of it; less at the end.
  std::size_t read(std::span<std::byte>);
  std::string read_all();
  // False: it reads no more.
  bool write(std::span<const std::byte>);

  // Closes the pipe and waits; the exit code.
  int finish();
  // What it wrote to standard error (and to standard output, where we do not read that): the first few thousand bytes.
  std::string said() const;

 private:
  pid_t pid_ = -1;
  int pipe_ = -1, err_ = -1;
};

}  // namespace sfumato
