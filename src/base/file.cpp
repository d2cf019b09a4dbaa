// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>

#include "sfumato/error.h"

namespace sfumato {
namespace {

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// A hidden name in the same folder; the mark lets a reader see whose it was.
std::string temporary_name(const std::string& folder) {
  static thread_local std::mt19937_64 random{std::random_device{}()};
  return folder + "/.sfumato-" + std::to_string(random()) + ".tmp";
}

std::string kind_of(mode_t mode) {
  return S_ISDIR(mode) ? "a folder" : S_ISFIFO(mode) ? "a pipe" : S_ISSOCK(mode) ? "a socket" : "a device";
}

}  // namespace

int open_regular_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) throw Error(Code::input, std::string("cannot be opened: ") + std::strerror(errno), path);
  struct stat info {};
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    close(fd);
    throw Error(Code::input, "found " + kind_of(info.st_mode) + "; expected a regular file", path);
  }
  return fd;
}

std::string read_start(const std::string& path, std::size_t most) {
  const int fd = open_regular_file(path);
  std::string bytes;
  char buffer[1 << 16];
  while (bytes.size() < most) {
    const ssize_t n = read(fd, buffer, std::min(sizeof buffer, most - bytes.size()));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      close(fd);
      throw Error(Code::input, std::string("cannot be read: ") + std::strerror(error), path);
    }
    if (n == 0) break;
    bytes.append(buffer, static_cast<std::size_t>(n));
  }
  close(fd);
  return bytes;
}

std::string read_file(const std::string& path, std::size_t most) {
  std::string bytes = read_start(path, most + 1);
  if (bytes.size() > most)
    throw Error(Code::input, "found more than " + std::to_string(most) + " bytes; expected a smaller file", path);
  return bytes;
}

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)), folder_(folder_of(path_)) {
  // The rename would put a file in the place of a device, such as /dev/null.
  if (struct stat info; stat(path_.c_str(), &info) == 0 && !S_ISREG(info.st_mode))
    throw Error(Code::output, "found " + kind_of(info.st_mode) + "; expected a new name or a regular file to replace",
                path_);
  // A nameless file gets its name through /proc, which some sandboxes lack.
  const bool can_be_named = access("/proc/self/fd", X_OK) == 0;
  if (can_be_named) fd_ = open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
  if (fd_ >= 0) return;
  // Some file systems know no nameless files.
  if (!can_be_named || errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL) {
    temporary_ = temporary_name(folder_);
    fd_ = open(temporary_.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
  }
  if (fd_ < 0) {
    temporary_.clear();
    fail("cannot be created");
  }
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void AtomicFile::fail(const char* doing) const {
  throw Error(Code::output, std::string(doing) + ": " + std::strerror(errno) + "; an older file there is as it was",
              path_);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void AtomicFile::commit() {
  if (fsync(fd_) != 0) fail("cannot be flushed to the disk");
  if (temporary_.empty()) {
    // A name for the nameless file; rename() then replaces an older one in one step, which linkat() cannot.
    std::string name = temporary_name(folder_);
    const std::string self = "/proc/self/fd/" + std::to_string(fd_);
    if (linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) fail("cannot be named");
    temporary_ = std::move(name);
  }
  if (rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot be put in place");
  temporary_.clear();
  // The rename itself must survive a power cut; a folder that cannot be synced is no reason to fail now.
  if (const int folder = open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
    fsync(folder);
    close(folder);
  }
}

void write_file_atomically(const std::string& path, std::span<const std::byte> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void write_file_atomically(const std::string& path, const std::string& text) {
  write_file_atomically(path, std::as_bytes(std::span(text)));
}

}  // namespace sfumato
