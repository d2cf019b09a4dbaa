// SPDX-License-Identifier: Apache-2.0
// Files that are read whole and written whole. Paths are bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace sfumato {

// The bytes of a regular file. Throws Code::input: missing, a folder or device, unreadable, larger than `most`.
std::string read_file(const std::string& path, std::size_t most);

// The first bytes of one, `most` at most.
std::string read_start(const std::string& path, std::size_t most);

// Throws Code::input unless `path` is a regular file that can be opened, and opens it without blocking.
int open_regular_file(const std::string& path);

// A file that appears complete or not at all: written without a name where the file system can, then put in the place
// of `path` at once. Destroyed before commit(), it leaves an older file at `path` as it was and nothing else behind.
class AtomicFile {
 public:
  // Throws Code::output when the folder cannot be written or something other than a regular file is at `path`.
  explicit AtomicFile(std::string path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  int fd() const { return fd_; }
  void write(std::span<const std::byte> bytes);
  // Flushes to the disk and renames. Throws Code::output.
  void commit();

 private:
  [[noreturn]] void fail(const char* doing) const;
  std::string path_, folder_, temporary_;  // temporary_ empty: the file has no name yet
  int fd_ = -1;
};

void write_file_atomically(const std::string& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::string& path, const std::string& text);

}  // namespace sfumato
